import { describe, it } from "vitest";
import { coalesceReads, planResume } from "../../src/realtime/resume.ts";

const HEAD = 1_000;

describe("the resume plan for a connecting client", () => {
  it.for([
    { title: "has seen the head", since: HEAD, epoch: "now", resume: "current" },
    { title: "is one event behind", since: HEAD - 1, epoch: "now", resume: "replay" },
    { title: "is at the limit of a replay", since: HEAD - 500, epoch: "now", resume: "replay" },
    { title: "is one event over the limit", since: HEAD - 501, epoch: "now", resume: "reset" },
    { title: "has seen nothing of a long chat", since: 0, epoch: "now", resume: "reset" },
    { title: "is ahead of the chat", since: HEAD + 1, epoch: "now", resume: "reset" },
    { title: "has another epoch", since: HEAD, epoch: "before", resume: "reset" },
    { title: "sends no number", since: null, epoch: "now", resume: "reset" },
    { title: "sends no epoch", since: HEAD, epoch: null, resume: "reset" },
    { title: "sends neither", since: null, epoch: null, resume: "reset" },
  ])("is $resume when it $title", ({ since, epoch, resume }, { expect }) => {
    expect(planResume({ since, epoch }, { head: HEAD, epoch: "now", firstSeq: 1 })).toBe(resume);
  });

  it.for([
    { title: "lacks nothing that was removed", since: 700, firstSeq: 701, resume: "replay" },
    { title: "lacks one event that was removed", since: 699, firstSeq: 701, resume: "reset" },
    { title: "has all, and all were removed", since: HEAD, firstSeq: HEAD + 1, resume: "current" },
  ])("is $resume when it $title", ({ since, firstSeq, resume }, { expect }) => {
    expect(planResume({ since, epoch: "now" }, { head: HEAD, epoch: "now", firstSeq })).toBe(resume);
  });

  it("is current for an empty chat and a client that has seen it empty", ({ expect }) => {
    expect(planResume({ since: 0, epoch: "now" }, { head: 0, epoch: "now", firstSeq: 1 })).toBe("current");
  });
});

describe("a coalesced read", () => {
  it("is shared by all callers of one turn, from the lowest number", async ({ expect }) => {
    const { started, answer, read } = aDatabase();
    const all = [7, 3, 9].map(read);
    await answer("first");
    expect(await Promise.all(all)).toEqual(["first", "first", "first"]);
    expect(started).toEqual([3]);
  });

  it("is shared by all callers that arrive during another read, and starts after it", async ({ expect }) => {
    const { started, answer, read } = aDatabase();
    const early = read(5);
    await untilStarted(started, 1);
    const late = [8, 2, 6].map(read);
    await answer("old");
    expect(await early).toBe("old");
    await answer("new");
    expect(await Promise.all(late)).toEqual(["new", "new", "new"]);
    expect(started).toEqual([5, 2]);
  });

  it("that fails rejects for its own callers only", async ({ expect }) => {
    const started: number[] = [];
    const read = coalesceReads(async (after) => {
      started.push(after);
      if (started.length === 1) throw new Error("the database is down");
      return "there";
    });
    const first = read(1);
    const failing = expect(first).rejects.toThrow("down");
    await untilStarted(started, 1);
    const second = read(2);
    await failing;
    expect(await second).toBe("there");
    expect(started).toEqual([1, 2]);
  });
});

/** A read that the test answers. */
function aDatabase() {
  const started: number[] = [];
  const waiting: ((answer: string) => void)[] = [];
  const read = coalesceReads((after) => {
    started.push(after);
    return new Promise<string>((resolve) => waiting.push(resolve));
  });
  let answered = 0;
  const answer = async (text: string) => {
    await untilStarted(started, answered + 1);
    waiting[answered]?.(text);
    answered += 1;
  };
  return { started, answer, read };
}

/** Waits until this many reads have started. */
async function untilStarted(started: number[], count: number): Promise<void> {
  for (let turn = 0; started.length < count; turn += 1) {
    if (turn > 100) throw new Error("the read never started");
    await Promise.resolve();
  }
}
