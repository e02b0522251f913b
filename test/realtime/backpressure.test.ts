import { describe, it } from "vitest";
import {
  acknowledge,
  emptyWindow,
  encodeFrame,
  hasRoom,
  isFull,
  recordSent,
  rewind,
  type SendWindow,
} from "../../src/realtime/backpressure.ts";

describe("a send window", () => {
  it.for([
    { title: "has no unacknowledged frame", sizes: [], full: false, room: true },
    { title: "is half full of frames", sizes: Array<number>(500).fill(1), full: false, room: true },
    { title: "is more than half full", sizes: Array<number>(501).fill(1), full: false, room: false },
    { title: "is one frame below the limit", sizes: Array<number>(999).fill(1), full: false, room: false },
    { title: "is at the limit of frames", sizes: Array<number>(1_000).fill(1), full: true, room: false },
    { title: "is half full of bytes", sizes: [400_000, 100_000], full: false, room: true },
    { title: "is one byte below the limit", sizes: [400_000, 599_999], full: false, room: false },
    { title: "is at the limit of bytes", sizes: [400_000, 600_000], full: true, room: false },
  ])("that $title is full: $full", ({ sizes, full, room }, { expect }) => {
    const window = withSent(emptyWindow(5), sizes);
    expect({ full: isFull(window), room: hasRoom(window) }).toEqual({ full, room });
  });
});

describe("an acknowledgement", () => {
  const window = withSent(emptyWindow(5), [10, 20, 30]);

  it.for([
    { title: "of the first frame", seq: 6, unacked: [20, 30], unackedBytes: 50 },
    { title: "of the first two frames", seq: 7, unacked: [30], unackedBytes: 30 },
    { title: "of all frames", seq: 8, unacked: [], unackedBytes: 0 },
    { title: "of a number not sent yet", seq: 800, unacked: [], unackedBytes: 0 },
    { title: "of a number acknowledged before", seq: 5, unacked: [10, 20, 30], unackedBytes: 60 },
    { title: "of no frame", seq: 0, unacked: [10, 20, 30], unackedBytes: 60 },
  ])("$title keeps the frames after it", ({ seq, unacked, unackedBytes }, { expect }) => {
    expect(acknowledge(window, seq)).toEqual({ lastSeq: 8, unacked, unackedBytes });
  });

  it("of one frame at a time still counts the bytes of the others", ({ expect }) => {
    let slow = withSent(emptyWindow(0), [100_000]);
    for (let seq = 1; !isFull(slow); seq += 1) {
      if (seq > 100) throw new Error("it never becomes full");
      slow = acknowledge(withSent(slow, [100_000, 100_000]), seq);
    }
    expect(slow.unackedBytes).toBeGreaterThanOrEqual(1_000_000);
  });
});

describe("a rewound send window", () => {
  it("continues from the given number, and counts both copies until the last is acknowledged", ({
    expect,
  }) => {
    const rewound = rewind(withSent(emptyWindow(5), [10, 20, 30]), 6);
    expect(rewound).toEqual({ lastSeq: 6, unacked: [], unackedBytes: 60 });
    const resent = withSent(rewound, [20, 30]);
    expect(resent).toEqual({ lastSeq: 8, unacked: [20, 30], unackedBytes: 110 });
    expect(acknowledge(resent, 8)).toEqual(emptyWindow(8));
  });

  it("becomes full after repeated rewinds without an acknowledgement", ({ expect }) => {
    let window = emptyWindow(0);
    for (let count = 0; count < 11; count += 1) window = withSent(rewind(window, 0), [100_000]);
    expect(isFull(window)).toBe(true);
  });

  it("with a full queue takes one frame, whose acknowledgement empties it", ({ expect }) => {
    const rewound = rewind(withSent(emptyWindow(0), [600_000, 600_000]), 0);
    expect(isFull(rewound)).toBe(false);
    const resent = withSent(rewound, [600_000]);
    expect(isFull(resent)).toBe(true);
    expect(acknowledge(resent, 1)).toEqual(emptyWindow(1));
  });

  it("never moves forward", ({ expect }) => {
    const window = withSent(emptyWindow(5), [10]);
    expect(rewind(window, 6)).toBe(window);
    expect(rewind(window, 7)).toBe(window);
  });
});

it("measures a frame in UTF-8, as it crosses the socket", ({ expect }) => {
  expect(encodeFrame({ body: "Да" })).toEqual({ text: '{"body":"Да"}', bytes: 15 });
});

function withSent(before: SendWindow, sizes: number[]): SendWindow {
  const window = structuredClone(before);
  for (const bytes of sizes) recordSent(window, bytes);
  return window;
}
