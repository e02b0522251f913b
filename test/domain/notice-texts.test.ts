import { describe, it } from "vitest";
import { noticeIn } from "../../src/domain/notice-texts.ts";
import type { StoredNotice } from "../../src/domain/parsed-notice.ts";

const at = "2026-11-29T05:00:00.000Z";

function aNotice(
  kind: string,
  detail: Record<string, unknown>,
  subject: Record<string, unknown> | null,
): StoredNotice {
  return {
    ...{
      id: 1,
      organizationPhoneId: 1,
      wabaId: null,
      field: null,
      kind,
      severity: "warning",
      title: "English.",
    },
    ...{ subject, detail, happenedAt: at, createdAt: at, alarm: "phone:1:x", clearedAt: null },
  };
}

const phone = { type: "phoneNumber", phoneNumber: "79001234567" };

describe("the Russian texts of alarms", () => {
  it.for<[string, Record<string, unknown>, Record<string, unknown> | null, string]>([
    [
      "numberCheck",
      { check: "C02", code: "token_invalid", evidence: {} },
      phone,
      "Номер +79001234567: Недействительный токен доступа",
    ],
    [
      "numberCheck",
      { check: "C02", code: "token_expires_soon", evidence: { expiresAt: at } },
      phone,
      "Номер +79001234567: ",
    ],
    [
      "silence",
      { silentMinutes: 180, usualGapMinutes: 5 },
      phone,
      "Номер +79001234567: сообщений нет уже 3 ч",
    ],
    [
      "silence",
      { silentMinutes: 4_320, usualGapMinutes: 0 },
      phone,
      "сообщений нет уже 3 дн.; обычно они приходят раз в 1 мин",
    ],
    ["refusedWebhooks", {}, phone, "вебхуки приходят с неверной подписью"],
    [
      "graphVersion",
      { code: "v21.0 ends_soon", version: "v21.0", endsAt: "2027-01-21T00:00:00.000Z" },
      null,
      "Graph v21.0 перестанет работать 2027-01-21",
    ],
    [
      "graphVersion",
      { code: "v20.0 ended", version: "v20.0", endsAt: null },
      null,
      "Graph v20.0 больше не работает",
    ],
    [
      "templateStatus",
      { status: "PAUSED" },
      { type: "template", name: "promo" },
      "Шаблон «promo»: статус в Meta теперь PAUSED.",
    ],
    [
      "account",
      {
        sending: {
          cause: "restriction",
          isRestricted: true,
          canReply: true,
          what: "restricted biz initiated messaging, restricted telepathy, constructor",
          until: "2026-12-05T10:00:00.000Z",
        },
      },
      phone,
      "Номер +79001234567: действует ограничение Meta (сообщения по инициативе бизнеса, restricted telepathy, constructor) до 2026-12-05.",
    ],
    [
      "account",
      { sending: { cause: "ban", isRestricted: true, canReply: false, what: null, until: null } },
      { type: "account", wabaId: null },
      "Аккаунт WhatsApp: Meta заблокировала аккаунт.",
    ],
    ["numberQuality", { event: "FLAGGED" }, phone, "Номер +79001234567: качество или лимит"],
  ])("of %s with %j", ([kind, detail, subject, expected], { expect }) => {
    const notice = aNotice(kind, detail, subject);
    const { title, detail: shown } = noticeIn(notice, "ru");
    expect(title).toContain(expected);
    expect(title).not.toMatch(/undefined|null|NaN|\{/);
    expect(shown).toMatchObject(detail);
    expect(noticeIn(notice, "en")).toEqual(notice);
  });

  it.for(["group", "numberCheck", "account"])(
    "are the English ones where there are none: %s",
    (kind, { expect }) => {
      const notice = aNotice(kind, { check: "C02", code: "of_a_newer_version" }, null);
      expect(noticeIn(notice, "ru")).toEqual(notice);
    },
  );
});
