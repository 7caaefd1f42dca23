/** FabEdge's certificate authority and the certificate of its API, made anew for each lab inside its control plane. */
import { namespace } from './names.ts';

/**
 * Keys stay in a folder that only root reads, on a tmpfs, and go with it; nothing of them is printed. FabEdge reads the
 * authority's key as PKCS#1 only (`-traditional`).
 */
export const secretsScript = `set -eu
umask 077
folder=$(mktemp -d /run/edgelab-fabedge.XXXXXX)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
openssl genrsa -traditional -out ca.key 2048 2>/dev/null
openssl req -x509 -new -key ca.key -days 3650 -subj '/C=CN/O=fabedge.io/CN=fabedge-ca' -out ca.crt \\
  -addext 'keyUsage=critical,keyCertSign,cRLSign,digitalSignature'
openssl ecparam -name prime256v1 -genkey -noout -out tls.key
openssl req -new -key tls.key -subj '/O=fabedge.io/CN=fabedge-operator-api' -out tls.csr
openssl x509 -req -in tls.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 3650 -out tls.crt 2>/dev/null
kubectl create namespace ${namespace} >/dev/null
kubectl -n ${namespace} create secret generic fabedge-ca --from-file=ca.crt --from-file=ca.key >/dev/null
kubectl -n ${namespace} create secret tls api-server-tls --cert=tls.crt --key=tls.key >/dev/null`;
