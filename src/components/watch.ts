/** One `kubectl get --watch` that ends when every named object shows the wanted value: no polling, one process. */
import { adminKubeconfig } from '../lib/kubeadm.ts';
import type { Script } from '../model/plan.ts';

type Watch = {
  /** Resource and selector as kubectl takes them: `nodes`, `deployments -l app=echo`. */
  resource: string;
  /** custom-columns path by which objects are named; `.metadata.name` unless told otherwise. */
  name?: string;
  /** Objects that must all hold; an object that does not exist yet is waited for. */
  names: string[];
  /** custom-columns path of the value, and of a message shown while it is not the wanted one. */
  value: string;
  wanted: string;
  message: string;
};

/**
 * Prints one object that is still missing after each change, with its value and message: the last line is the last
 * observation. Objects arrive as events over a fifo, so the watch can be ended the moment the last one holds.
 */
export const watchScript = ({ resource, name = '.metadata.name', names, value, wanted, message }: Watch): Script => ({
  text: `fifo=$(mktemp -u) && mkfifo "$fifo" || exit 1
kubectl get ${resource} --watch --no-headers -o 'custom-columns=N:${name},V:${value},M:${message}' > "$fifo" &
watch=$!
trap 'kill $watch 2>/dev/null; rm -f "$fifo"' EXIT
held=' '
for name in $NAMES; do echo "$name does not exist yet"; done
while read -r name value message; do
  before=\${held%% $name *}
  [ "$before" = "$held" ] || held="$before \${held#* $name }"
  [ "$value" != "$WANTED" ] || held="$held$name "
  for missing in $NAMES ''; do case $held in *" $missing "*) ;; *) break ;; esac; done
  [ -n "$missing" ] || exit 0
  [ "$missing" = "$name" ] && echo "$name $value $message" || echo "$missing is waited for"
done < "$fifo"
exit 1`,
  env: { KUBECONFIG: adminKubeconfig, WANTED: wanted, NAMES: names.join(' ') },
});
