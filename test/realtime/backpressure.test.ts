import { describe, it } from "vitest";
import {
  acknowledge,
  emptyWindow,
  encodeFrame,
  isTooSlow,
  recordSent,
  rewind,
  type SendWindow,
} from "../../src/realtime/backpressure.ts";

describe("a client", () => {
  it.for([
    { title: "has acknowledged all", sizes: [], tooSlow: false },
    { title: "lags by as many frames as it may", sizes: Array<number>(1_000).fill(1), tooSlow: false },
    { title: "lags by one frame more", sizes: Array<number>(1_001).fill(1), tooSlow: true },
    { title: "lags by as many bytes as it may", sizes: [400_000, 600_000], tooSlow: false },
    { title: "lags by one byte more", sizes: [400_000, 600_001], tooSlow: true },
  ])("that $title: cut off is $tooSlow", ({ sizes, tooSlow }, { expect }) => {
    expect(isTooSlow(sending(emptyWindow(5), sizes))).toBe(tooSlow);
  });
});

describe("an acknowledgement", () => {
  const sent = sending(emptyWindow(5), [10, 20, 30]);

  it.for([
    { title: "of the first", seq: 6, unacked: [20, 30], unackedBytes: 50 },
    { title: "of the second", seq: 7, unacked: [30], unackedBytes: 30 },
    { title: "of all", seq: 8, unacked: [], unackedBytes: 0 },
    { title: "of more than was sent", seq: 800, unacked: [], unackedBytes: 0 },
    { title: "of what was acknowledged before", seq: 5, unacked: [10, 20, 30], unackedBytes: 60 },
    { title: "of nothing", seq: 0, unacked: [10, 20, 30], unackedBytes: 60 },
  ])("$title leaves what came after it", ({ seq, unacked, unackedBytes }, { expect }) => {
    expect(acknowledge(sent, seq)).toEqual({ lastSeq: 8, unacked, unackedBytes });
  });

  it("of one frame each time does not hide the bytes of the others", ({ expect }) => {
    let slow = sending(emptyWindow(0), [100_000]);
    for (let seq = 1; !isTooSlow(slow); seq += 1) {
      if (seq > 100) throw new Error("it is never cut off");
      slow = acknowledge(sending(slow, [100_000, 100_000]), seq);
    }
    expect(slow.unackedBytes).toBeGreaterThan(1_000_000);
  });
});

describe("a client that is sent once more what it had", () => {
  it("goes on from the number that it named, and both copies count until the last is acknowledged", ({
    expect,
  }) => {
    const rewound = rewind(sending(emptyWindow(5), [10, 20, 30]), 6);
    expect(rewound).toEqual({ lastSeq: 6, unacked: [], unackedBytes: 60 });
    const again = sending(rewound, [20, 30]);
    expect(again).toEqual({ lastSeq: 8, unacked: [20, 30], unackedBytes: 110 });
    expect(acknowledge(again, 8)).toEqual(emptyWindow(8));
  });

  it("is cut off when it asks again and again and acknowledges nothing", ({ expect }) => {
    let sent = emptyWindow(0);
    for (let asked = 0; asked < 11; asked += 1) sent = sending(rewind(sent, 0), [100_000]);
    expect(isTooSlow(sent)).toBe(true);
  });

  it("is not rewound to what it does not have yet", ({ expect }) => {
    const sent = sending(emptyWindow(5), [10]);
    expect(rewind(sent, 6)).toBe(sent);
    expect(rewind(sent, 7)).toBe(sent);
  });
});

it("counts a frame as it crosses the socket, in UTF-8", ({ expect }) => {
  expect(encodeFrame({ body: "Да" })).toEqual({ text: '{"body":"Да"}', bytes: 15 });
});

function sending(before: SendWindow, sizes: number[]): SendWindow {
  const sent = structuredClone(before);
  for (const bytes of sizes) recordSent(sent, bytes);
  return sent;
}
