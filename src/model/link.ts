/** What a link does to packets: the conditions a topology declares and that can be changed while a lab runs. */

/** One direction. What is absent is as the machine is. */
export type LinkCondition = {
  /** Milliseconds each packet takes longer. */
  delayMs?: number;
  /** Each delay differs by up to this, evenly; the order of packets is kept. */
  jitterMs?: number;
  /** Of 100 packets, chosen at random. */
  lossPercent?: number;
  duplicatePercent?: number;
  /** Packets that skip the delay and so overtake others. */
  reorderPercent?: number;
  /** Thousands of bits per second, frames with their Ethernet headers. */
  rateKbit?: number;
  /** Bytes of the largest IP packet; larger ones are cut or answered with "fragmentation needed" (RFC 1191). */
  mtu?: number;
};

/** `up` leaves the site or node, `down` comes to it. */
export type LinkConditions = { up: LinkCondition; down: LinkCondition };

/** Where a condition applies: `device` is the near end of the link; `inner` leads from a router to its LAN. */
export type LinkPlace = { container: string; device: string; inner?: string };

/** What the kernel that runs the labs can do for links. */
export type LinkFacts = {
  netem: boolean;
  tbf: boolean;
  ifb: boolean;
  /** TAP devices, of which our own program makes a wire, and nftables' way to them. */
  wire: boolean;
  /** nftables sees packets as they leave a device. */
  egress: boolean;
};
