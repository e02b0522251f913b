import { describe, it } from "vitest";
import { coalesceReads } from "../../src/realtime/resume.ts";

describe("a shared read", () => {
  it("is one for all who ask in the same turn, from the smallest number asked for", async ({ expect }) => {
    const { asked, answer, read } = aDatabase();
    const all = [7, 3, 9].map(read);
    await answer("first");
    expect(await Promise.all(all)).toEqual(["first", "first", "first"]);
    expect(asked).toEqual([3]);
  });

  it("is not the one under way for those who ask later, but one for all of them", async ({ expect }) => {
    const { asked, answer, read } = aDatabase();
    const early = read(5);
    await started(asked, 1);
    const late = [8, 2, 6].map(read);
    await answer("old");
    expect(await early).toBe("old");
    await answer("new");
    expect(await Promise.all(late)).toEqual(["new", "new", "new"]);
    expect(asked).toEqual([5, 2]);
  });

  it("that fails fails for those who asked, and the next is made all the same", async ({ expect }) => {
    const asked: number[] = [];
    const read = coalesceReads(async (after) => {
      asked.push(after);
      if (asked.length === 1) throw new Error("the database is away");
      return "there";
    });
    const first = read(1);
    const failing = expect(first).rejects.toThrow("away");
    await started(asked, 1);
    const second = read(2);
    await failing;
    expect(await second).toBe("there");
    expect(asked).toEqual([1, 2]);
  });
});

/** A read that is answered when the test says so. */
function aDatabase() {
  const asked: number[] = [];
  const waiting: ((answer: string) => void)[] = [];
  const read = coalesceReads((after) => {
    asked.push(after);
    return new Promise<string>((resolve) => waiting.push(resolve));
  });
  let answered = 0;
  const answer = async (text: string) => {
    await started(asked, answered + 1);
    waiting[answered]?.(text);
    answered += 1;
  };
  return { asked, answer, read };
}

/** Lets others run until so many reads have started. */
async function started(asked: number[], count: number): Promise<void> {
  for (let turn = 0; asked.length < count; turn += 1) {
    if (turn > 100) throw new Error("the read was never made");
    await Promise.resolve();
  }
}
