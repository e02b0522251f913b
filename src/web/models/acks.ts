const ACK_EVERY_MS = 1_000;

/** Acknowledges what a socket has brought, once a second or after so many frames: a room closes a connection that falls behind. */
export class Acks {
  readonly #every: number;
  readonly #send: (seq: number) => void;
  #seq = 0;
  #acked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(every: number, send: (seq: number) => void) {
    this.#every = every;
    this.#send = send;
  }

  /** Of a new connection nothing up to there has to be acknowledged. */
  begin(seq: number): void {
    this.#seq = seq;
    this.#acked = seq;
  }

  received(seq: number): void {
    this.#seq = seq;
    if (seq - this.#acked >= this.#every) this.#ack();
    else this.#timer ??= setTimeout(() => this.#ack(), ACK_EVERY_MS);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #ack(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#acked = this.#seq;
    this.#send(this.#seq);
  }
}
