import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** For scripts of `startNodeProcess`: listens on a free port of 127.0.0.1, reports it, and exits with the parent. */
export function listen(server: Server): void {
  server.keepAliveTimeout = 120_000;
  server.listen(0, "127.0.0.1", 1024, () => report((server.address() as AddressInfo).port));
}

export function report(port: number): void {
  process.send?.({ port });
  process.once("disconnect", () => process.exit());
}
