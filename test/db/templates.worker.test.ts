import fc from "fast-check";
import { describe, it } from "vitest";
import { syncTemplates } from "../../src/db/templates.ts";
import { anOrganization, db, wabaOf } from "../support/build.ts";
import {
  aTemplateNotice,
  ingestNotice,
  type NoticeChange,
  noticesOf,
  templatesOf,
} from "../support/notices.ts";

const NOON = new Date("2026-05-01T12:00:00Z");
const later = (minutes: number) => new Date(NOON.getTime() + minutes * 60_000);
const { status, quality, category, texts } = aTemplateNotice;

const reports: NoticeChange[] = [
  status("PENDING", later(0)),
  // Meta's times are whole seconds.
  status("APPROVED", later(1)),
  status("PENDING", later(1)),
  quality("RED", later(2)),
  quality("GREEN", later(3)),
  category("MARKETING", later(4)),
  status("REJECTED", later(2), { reason: "SCAM" }),
  status("FLAGGED", later(9)),
  texts("Old {{1}}", later(2)),
  texts("New {{1}}", later(5)),
];

const BODY = { type: "BODY", text: "Hello {{1}}", example: { body_text: [["Anna"]] } };

function listed(name: string, more: Record<string, unknown> = {}) {
  const row = { metaId: "1", name, language: "en", category: "UTILITY", parameterFormat: "POSITIONAL" };
  return {
    ...row,
    components: [BODY] as unknown,
    status: "APPROVED",
    quality: "GREEN",
    reason: null,
    ...more,
  };
}

describe("a template in webhooks", () => {
  it("ends alike in every order and when repeated", async ({ expect }) => {
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...reports, ...reports], { minLength: reports.length * 2 }),
        async (order) => {
          const ground = await anOrganization();
          await ingestNotice(ground, ...order);
          const [row, ...more] = await templatesOf(ground);
          expect(more).toEqual([]);
          expect(row).toMatchObject({
            wabaId: wabaOf(ground),
            metaId: "5944254792",
            name: "order_ready",
            language: "en",
            status: "REJECTED",
            reason: "SCAM",
            quality: "GREEN",
            category: "MARKETING",
            components: [
              { type: "BODY", text: "New {{1}}" },
              { type: "FOOTER", text: "Bye" },
            ],
            statusAt: later(2),
            qualityAt: later(3),
            categoryAt: later(4),
            componentsAt: later(5),
            syncedAt: null,
          });
          expect(await noticesOf(ground)).toHaveLength(reports.length);
        },
      ),
      { numRuns: 12 },
    );
  });

  it("takes the later stage of two in one second, whichever came first", async ({ expect }) => {
    for (const order of [reports.slice(1, 3), reports.slice(1, 3).reverse()]) {
      const ground = await anOrganization();
      await ingestNotice(ground, ...order);
      expect(await templatesOf(ground)).toMatchObject([{ status: "APPROVED" }]);
    }
  });

  it("gets a row with what is known", async ({ expect }) => {
    const ground = await anOrganization();
    await ingestNotice(ground, quality("YELLOW", NOON));
    expect(await templatesOf(ground)).toMatchObject([
      { status: "UNKNOWN", quality: "YELLOW", category: null, components: null },
    ]);
  });

  it("keeps the parts of its definition that no webhook reports", async ({ expect }) => {
    const ground = await anOrganization();
    const account = { organizationId: ground.organizationId, wabaId: wabaOf(ground) };
    const header = {
      type: "HEADER",
      format: "IMAGE",
      example: { header_handle: ["https://x.example/a.jpg"] },
    };
    await syncTemplates(db, account, [listed("order_ready", { components: [header, BODY] })], NOON);
    await ingestNotice(ground, texts("Changed {{1}}", later(1)), texts("Before", later(-1)));
    const [row] = await templatesOf(ground);
    expect(row?.components).toEqual([
      { type: "BODY", text: "Changed {{1}}" },
      { type: "FOOTER", text: "Bye" },
      header,
    ]);
    expect(row?.syncedAt).toBeNull();
  });
});

describe("a sync", () => {
  it("stores what Graph lists, and marks what is gone", async ({ expect }) => {
    const ground = await anOrganization();
    const account = { organizationId: ground.organizationId, wabaId: wabaOf(ground) };
    const first = [listed("a"), listed("b", { status: "PAUSED", reason: "PACING" })];
    expect(await syncTemplates(db, account, first, NOON)).toEqual({ listed: 2, gone: 0 });
    const rows = await templatesOf(ground);
    expect(rows).toMatchObject([
      { name: "a", status: "APPROVED", components: [BODY], syncedAt: NOON },
      { name: "b", status: "PAUSED", reason: "PACING" },
    ]);
    const future = new Date(Date.now() + 60_000);
    expect(await syncTemplates(db, account, [listed("b")], future)).toEqual({ listed: 1, gone: 1 });
    expect(await templatesOf(ground)).toMatchObject([
      { id: rows[0]?.id, status: "DELETED" },
      { id: rows[1]?.id, status: "APPROVED", reason: null },
    ]);
    expect(await syncTemplates(db, account, [listed("b")], future)).toEqual({ listed: 1, gone: 0 });
  });

  it("does not undo what a webhook has reported since it began", async ({ expect }) => {
    const ground = await anOrganization();
    const account = { organizationId: ground.organizationId, wabaId: wabaOf(ground) };
    await ingestNotice(ground, status("PAUSED", later(5)), quality("RED", later(5)), texts("New", later(5)));
    await syncTemplates(db, account, [listed("order_ready")], later(1));
    expect(await templatesOf(ground)).toMatchObject([
      {
        status: "PAUSED",
        quality: "RED",
        category: "UTILITY",
        components: [{ text: "New" }, { text: "Bye" }],
        syncedAt: null,
      },
    ]);
    // What a webhook has made meanwhile is not gone.
    await syncTemplates(db, account, [], later(1));
    expect(await templatesOf(ground)).toMatchObject([{ status: "PAUSED" }]);
  });

  it("touches no other organization's templates of the same account", async ({ expect }) => {
    const [ours, theirs] = [await anOrganization(), await anOrganization()];
    const wabaId = wabaOf(ours);
    await syncTemplates(db, { organizationId: theirs.organizationId, wabaId }, [listed("a")], NOON);
    await syncTemplates(
      db,
      { organizationId: ours.organizationId, wabaId },
      [],
      new Date(Date.now() + 60_000),
    );
    expect(await templatesOf(theirs)).toMatchObject([{ status: "APPROVED" }]);
  });
});
