/*
 * One direction of a link: takes frames from a TAP, holds each for its delay, and puts it on its way.
 *
 *   edgelab-wire TAP DEVICE out|in MAC MARK DELAY_US JITTER_US LOSS_PPM DUPLICATE_PPM REORDER_PPM
 *
 * nftables forwards what leaves or enters DEVICE to TAP. `out` sends it from DEVICE with MARK, by which nftables lets it
 * pass; `in` gives it back to TAP with MAC as its destination, from where tc takes it to DEVICE as received. The TAP has
 * that MAC, so the frame counts as meant for this machine. The program goes to the background once the TAP is up, prints
 * its process id, and on SIGTERM ends when nothing is held any more.
 *
 * Jitter never reorders: a frame waits for the one before it. A reordered frame skips the wait, as netem has it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <arpa/inet.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { HEADER = 10, LONGEST = HEADER + 14 + 65536, BATCH = 64, PRIORITY = 10 };
static const uint64_t held_limit = 256u << 20;
/* A frame is sent this much before its time (ns): what poll and two queues take on the way. */
static const uint64_t early = 60000;

struct frame {
  struct frame *next;
  uint64_t due;
  uint32_t length;
  unsigned char bytes[];
};

static struct frame *first, *last;
static uint64_t held, seed;
static volatile sig_atomic_t ending;

static int tap, out = -1;
static struct sockaddr_ll target;
static unsigned char mac[6];
static uint64_t delay, jitter;
static uint32_t loss, duplicate, reorder;

static void fail(const char *what) {
  fprintf(stderr, "edgelab-wire: %s: %s\n", what, strerror(errno));
  exit(1);
}

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/* xorshift64* */
static uint64_t draw(void) {
  seed ^= seed >> 12;
  seed ^= seed << 25;
  seed ^= seed >> 27;
  return seed * 2685821657736338717u;
}

static int happens(uint32_t ppm) { return ppm > 0 && (draw() >> 32) * 1000000u >> 32 < ppm; }

static void deliver(unsigned char *bytes, uint32_t length) {
  if (out < 0) {
    memcpy(bytes + HEADER, mac, sizeof mac);
    while (write(tap, bytes, length) < 0 && errno == EINTR) continue;
    return;
  }
  memcpy(&target.sll_protocol, bytes + HEADER + 12, 2);
  while (sendto(out, bytes, length, 0, (struct sockaddr *)&target, sizeof target) < 0 && errno == EINTR) continue;
}

static void hold(const unsigned char *bytes, uint32_t length, uint64_t at) {
  struct frame *frame;
  uint64_t wait = delay;
  if (held + length > held_limit || !(frame = malloc(sizeof *frame + length))) return;
  if (jitter > 0) {
    uint64_t change = draw() % (2 * jitter + 1);
    wait = wait + change > jitter ? wait + change - jitter : 0;
  }
  frame->due = at + wait;
  if (last && frame->due < last->due) frame->due = last->due;
  frame->length = length;
  frame->next = NULL;
  memcpy(frame->bytes, bytes, length);
  if (last) last->next = frame;
  else first = frame;
  last = frame;
  held += length;
}

static void take(unsigned char *bytes, uint32_t length, uint64_t at) {
  int copies = 1;
  if (length < HEADER + ETH_HLEN || happens(loss)) return;
  if (happens(duplicate)) copies = 2;
  while (copies-- > 0) {
    if (happens(reorder)) deliver(bytes, length);
    else hold(bytes, length, at);
  }
}

static void release(void) {
  uint64_t at = now();
  while (first && first->due <= at + early) {
    struct frame *frame = first;
    first = frame->next;
    if (!first) last = NULL;
    deliver(frame->bytes, frame->length);
    held -= frame->length;
    free(frame);
  }
}

static void end(int signal) {
  (void)signal;
  ending = 1;
}

static void run(void) {
  static unsigned char bytes[LONGEST];
  struct pollfd readable = {.fd = tap, .events = POLLIN};
  sigset_t none;
  sigemptyset(&none);
  for (;;) {
    struct timespec pause = {0, 0}, *limit = NULL;
    release();
    if (ending && !first) return;
    if (first) {
      uint64_t at = now(), wait = first->due > at + early ? first->due - early - at : 0;
      pause.tv_sec = (time_t)(wait / 1000000000u);
      pause.tv_nsec = (long)(wait % 1000000000u);
      limit = &pause;
    }
    if (ppoll(&readable, 1, limit, &none) <= 0) continue;
    if (readable.revents & (POLLERR | POLLHUP | POLLNVAL)) return;
    for (int left = BATCH; left > 0; left--) {
      ssize_t length = read(tap, bytes, sizeof bytes);
      if (length < 0) break;
      take(bytes, (uint32_t)length, now());
    }
  }
}

static void open_tap(const char *name, int with_mac) {
  struct ifreq request;
  char path[96];
  int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), file;
  /* Frames lost, doubled or overtaken are to be single packets, not 64 kB that the kernel would cut later. */
  unsigned offload = loss || duplicate || reorder ? 0 : TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6;
  if ((tap = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC)) < 0) fail("/dev/net/tun");
  memset(&request, 0, sizeof request);
  snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
  request.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR;
  if (ioctl(tap, TUNSETIFF, &request) < 0) fail("TUNSETIFF");
  if (ioctl(tap, TUNSETOFFLOAD, offload) < 0) fail("TUNSETOFFLOAD");
  if (with_mac) {
    request.ifr_hwaddr.sa_family = 1; /* ARPHRD_ETHER */
    memcpy(request.ifr_hwaddr.sa_data, mac, sizeof mac);
    if (ioctl(control, SIOCSIFHWADDR, &request) < 0) fail("SIOCSIFHWADDR");
  }
  /* The TAP is no place of its own: nothing may be said there by the kernel. */
  snprintf(path, sizeof path, "/proc/sys/net/ipv6/conf/%s/disable_ipv6", name);
  if ((file = open(path, O_WRONLY | O_CLOEXEC)) >= 0) {
    if (write(file, "1", 1) < 0) perror(path);
    close(file);
  }
  request.ifr_qlen = 10000;
  if (ioctl(control, SIOCSIFTXQLEN, &request) < 0) fail("SIOCSIFTXQLEN");
  request.ifr_flags = IFF_UP | IFF_NOARP;
  if (ioctl(control, SIOCSIFFLAGS, &request) < 0) fail("SIOCSIFFLAGS");
  close(control);
}

static void open_device(const char *name, uint32_t mark) {
  int one = 1, buffer = 32 << 20;
  if ((out = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0)) < 0) fail("packet socket");
  if (setsockopt(out, SOL_PACKET, PACKET_VNET_HDR, &one, sizeof one) < 0) fail("PACKET_VNET_HDR");
  if (setsockopt(out, SOL_SOCKET, SO_MARK, &mark, sizeof mark) < 0) fail("SO_MARK");
  if (setsockopt(out, SOL_SOCKET, SO_SNDBUFFORCE, &buffer, sizeof buffer) < 0) fail("SO_SNDBUFFORCE");
  memset(&target, 0, sizeof target);
  target.sll_family = AF_PACKET;
  target.sll_ifindex = (int)if_nametoindex(name);
  target.sll_halen = 6;
  if (target.sll_ifindex == 0) fail(name);
}

int main(int count, char **words) {
  struct sched_param priority = {.sched_priority = PRIORITY};
  sigset_t blocked;
  pid_t child;
  if (count != 11) {
    fprintf(stderr, "edgelab-wire: wants TAP DEVICE out|in MAC MARK DELAY_US JITTER_US LOSS_PPM DUPLICATE_PPM REORDER_PPM\n");
    return 2;
  }
  if (sscanf(words[4], "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", mac, mac + 1, mac + 2, mac + 3, mac + 4, mac + 5) != 6) return 2;
  delay = strtoull(words[6], NULL, 10) * 1000u;
  jitter = strtoull(words[7], NULL, 10) * 1000u;
  loss = (uint32_t)strtoul(words[8], NULL, 10);
  duplicate = (uint32_t)strtoul(words[9], NULL, 10);
  reorder = (uint32_t)strtoul(words[10], NULL, 10);
  open_tap(words[1], strcmp(words[3], "in") == 0);
  if (strcmp(words[3], "out") == 0) open_device(words[2], (uint32_t)strtoul(words[5], NULL, 0));
  if (getrandom(&seed, sizeof seed, 0) != sizeof seed || seed == 0) seed = now() | 1;
  if ((child = fork()) < 0) fail("fork");
  if (child > 0) {
    printf("%d\n", child);
    return 0;
  }
  setsid();
  if (chdir("/") < 0) return 1;
  for (int file = open("/dev/null", O_RDWR), standard = 0; standard < 3; standard++) dup2(file, standard);
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTERM);
  sigprocmask(SIG_BLOCK, &blocked, NULL);
  signal(SIGTERM, end);
  prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
  /* Where it is allowed: on a busy machine the delays of the slowest packets are then 10 ms nearer to what was asked. */
  if (sched_setscheduler(0, SCHED_FIFO, &priority) < 0) errno = 0;
  if (mlockall(MCL_CURRENT) < 0) errno = 0;
  run();
  return 0;
}
