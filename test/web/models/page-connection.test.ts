import { describe, it } from "vitest";
import { type PageStatus, type SocketStatus, statusOf } from "../../../src/web/models/page-connection.ts";

const open: SocketStatus = { connection: "open", isCatchingUp: false };
const behind: SocketStatus = { connection: "open", isCatchingUp: true };
const waiting: SocketStatus = { connection: "waiting", isCatchingUp: false };
const connecting: SocketStatus = { connection: "connecting", isCatchingUp: true };
const blocked: SocketStatus = { connection: "blocked", isCatchingUp: false };
const reload: SocketStatus = { connection: "reload", isCatchingUp: false };
const gone: SocketStatus = { connection: "gone", isCatchingUp: false };

describe("the connection of the page (UI-21)", () => {
  it.for<[what: string, sockets: SocketStatus[], isOnline: boolean, status: PageStatus]>([
    ["its first sockets are being opened", [connecting, waiting], true, "connecting"],
    ["it loads what it shows first", [behind, open], true, "connecting"],
    ["the network is away", [waiting], false, "offline"],
    ["sockets are blocked", [blocked], true, "polling"],
    ["it is there", [open, open], true, "connected"],
  ])("for the first time, when %s", ([_, sockets, isOnline, status], { expect }) => {
    expect(statusOf(sockets, isOnline, false)).toBe(status);
  });

  it.for<[what: string, sockets: SocketStatus[], isOnline: boolean, status: PageStatus]>([
    ["both sockets are open", [open, open], true, "connected"],
    ["no chat is open", [open], true, "connected"],
    ["the network is away, and the sockets do not know", [open, open], false, "offline"],
    ["the list's socket is lost", [waiting, open], true, "reconnecting"],
    ["the open chat's socket is lost", [open, connecting], true, "reconnecting"],
    ["the open chat is behind", [open, behind], true, "catchingUp"],
    ["the list is behind, and the chat is not connected", [behind, waiting], true, "reconnecting"],
    ["one socket is blocked", [waiting, blocked], true, "polling"],
    ["sockets were blocked before the network went away", [blocked, blocked], false, "offline"],
    ["the page is of another version", [waiting, reload], false, "reload"],
    ["the open chat was erased", [open, gone], true, "connected"],
  ])("when %s", ([_, sockets, isOnline, status], { expect }) => {
    expect(statusOf(sockets, isOnline, true)).toBe(status);
  });
});
