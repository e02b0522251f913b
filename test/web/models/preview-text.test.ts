import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "vitest";
import type { MessageContent } from "../../../src/domain/message-content.ts";
import { previewText } from "../../../src/web/models/preview-text.ts";
import { formatLeft } from "../../../src/web/models/service-window.ts";
import { phraseRu } from "../../../src/web/strings/phrases-ru.ts";
import { stringsOf } from "../../../src/web/strings/strings.ts";

const bodies = readFileSync(join(import.meta.dirname, "../../whatsapp/bodies.txt"), "utf8");

/** Meta's own names for what this version does not know. */
const UNKNOWN_TO_US = [
  "[gesture reply]",
  "[date reply]",
  "[tomorrow]",
  "[group participant added]",
  "[hologram]",
  "[future]",
];

describe("the preview of a message in the list", () => {
  it.for<[string, string, boolean, string | null, string]>([
    ["text", "Hello", false, null, "Hello"],
    ["text", "[not a placeholder]", false, null, "[not a placeholder]"],
    ["image", "Is it this one?", false, null, "📷 Is it this one?"],
    ["text", "It is *ready*, _really_: `A-1`", false, null, "It is ready, really: A-1"],
    ["text", "2*3*4 in snake_case_name", true, null, "2*3*4 in snake_case_name"],
    ["image", "The *red* one", false, null, "📷 The red one"],
    ["image", "[image]", false, null, "📷 Photo"],
    ["audio", "[voice message]", true, null, "🎤 Audio"],
    ["document", "invoice.pdf", false, null, "📄 invoice.pdf"],
    ["sticker", "[sticker]", false, null, "🌟 Sticker"],
    ["location", "📍 Office", false, null, "📍 Office"],
    ["image", "[deleted]", false, "2026-11-29T05:00:00.000Z", "Deleted by the customer"],
    ["image", "[deleted]", true, "2026-11-29T05:00:00.000Z", "Deleted"],
    ["poll", "[poll]", false, null, "[poll]"],
    ["constructor", "[constructor]", false, null, "[constructor]"],
  ])(
    "%s %j (from us: %j, deleted: %j) is %j",
    ([messageType, body, fromMe, revokedAt, expected], { expect }) => {
      expect(previewText({ messageType, body, fromMe, revokedAt }, stringsOf("en").inbox)).toBe(expected);
    },
  );
});

describe("the preview of a group's message", () => {
  it.for<[string, string, string | null, string]>([
    ["text", "Maria: [hello]", "Maria", "Maria: [hello]"],
    ["image", "Maria: [image]", "Maria", "Maria: 📷 Фото"],
    ["image", "Maria: Look: mine", "Maria", "Maria: 📷 Look: mine"],
    ["poll", "+79160000001: [poll]", null, "+79160000001: [опрос]"],
    ["image", "[image]", "Maria", "📷 Фото"],
  ])("%s %j begins with who wrote: %j, %j", ([messageType, body, name, expected], { expect }) => {
    const sender = { name, phone: "79160000001", userId: null, username: null };
    const content = { sender } as unknown as MessageContent;
    const message = { messageType, body, fromMe: false, revokedAt: null, content };
    expect(previewText(message, stringsOf("ru").inbox)).toBe(expected);
  });
});

describe("a message without a text of its own, in Russian", () => {
  it.for<[string, string, string | null, string]>([
    ["audio", "[voice message]", null, "🎤 Аудио"],
    ["poll", "[poll]", null, "[опрос]"],
    ["unsupported", "[unsupported: poll]", null, "[не поддерживается: опрос]"],
    ["unsupported", "[unsupported: hologram]", null, "[не поддерживается: hologram]"],
    ["unsupported", "[unsupported: Message unavailable]", null, "[не поддерживается: Message unavailable]"],
    ["document", "[document: Media download error]", null, "📄 Документ"],
    ["system", "[changed their number]", null, "[сменил номер]"],
    ["interactive", "[call permission: accept]", null, "[разрешил звонить]"],
    ["call", "📞 Missed call", null, "📞 Пропущенный звонок"],
    ["call", "📞 Call, 2 min 5 s", null, "📞 Звонок, 2 мин 5 с"],
    ["call", "📞 Call, 5 s", null, "📞 Звонок, 5 с"],
    ["call", "📞 Call, 1 min 5 s: Connect timeout", null, "📞 Звонок, 1 мин 5 с: Connect timeout"],
    ["call", "📞 Call, failed: Connect timeout", null, "📞 Звонок не состоялся: Connect timeout"],
    ["call", "📞 Call, waiting", null, "📞 Звонок, waiting"],
    ["handover", "🔀 Another app took this chat: A, b: c", null, "🔀 Чат забрало другое приложение: A, b: c"],
    ["order", "🛒 1 item, 4.00 EUR: to: go", null, "🛒 1 товар, 4.00 EUR: to: go"],
    ["order", "🛒 3 items", null, "🛒 3 товара"],
    ["order", "🛒 Order without a list of items: As ever", null, "🛒 Заказ без списка товаров: As ever"],
    ["unsupported", "[unsupported: Meta error 139999]", null, "[не поддерживается: ошибка Meta 139999]"],
    [
      "unsupported",
      "[unsupported: WhatsApp does not have this message]",
      null,
      "[не поддерживается: в WhatsApp этого сообщения нет]",
    ],
    [
      "call",
      "📞 Call, failed: the call could not be connected",
      null,
      "📞 Звонок не состоялся: соединить не удалось",
    ],
    ["call", "📞 Call, 1 min 5 s: Meta error 138999", null, "📞 Звонок, 1 мин 5 с: ошибка Meta 138999"],
    ["order", "🛒 1.5 items, 3.75 EUR", null, "🛒 1.5 товара, 3.75 EUR"],
    ["order", "🛒 12 items of mine", null, "🛒 12 items of mine"],
    ["interactive", "💳 paid, 210.00 INR\nYours: 2 items", null, "💳 оплачено, 210.00 INR\nYours: 2 items"],
    ["interactive", "💳 payment failed", null, "💳 оплата не прошла"],
    ["interactive", "This\n🛍 5 products\n[order]", null, "This\n🛍 5 товаров\n[order]"],
    ["interactive", "Where to?\n[address request]", null, "Where to?\n[запрос адреса]"],
    ["unsupported", "[unsupported: edit of a message]", null, "[не поддерживается: изменение сообщения]"],
    ["document", "Look\n[document: Too big]", null, "📄 Look\n[document: Too big]"],
    ["order", "[video: the file could not be downloaded]", null, "[видео: файл не удалось загрузить]"],
    ["text", "[poll]", null, "[poll]"],
    ["text", "📞 Missed call", null, "📞 Missed call"],
    ["interactive", "Choose [one]", null, "Choose [one]"],
    ["hologram", "[hologram]", null, "[hologram]"],
    ["constructor", "[constructor]", null, "[constructor]"],
    ["unsupported", "[unsupported: constructor]", null, "[не поддерживается: constructor]"],
    ["text", "[deleted]", "2026-11-29T05:00:00.000Z", "Удалено клиентом"],
  ])("%s %j (deleted: %j) is %j", ([messageType, body, revokedAt, expected], { expect }) => {
    const message = { messageType, body, fromMe: false, revokedAt };
    expect(previewText(message, stringsOf("ru").inbox)).toBe(expected);
  });

  it("has words of phrases-ru.ts in the place of each placeholder", ({ expect }) => {
    const placeholders = [...bodies.matchAll(/^(\w+) ⇒ (\[[^\]⏎]+\]) ⇐ /gm)];
    expect(placeholders.length).toBeGreaterThan(50);
    const isInEnglish = (body: string) => phraseRu(body) === body || /^\[[a-z]/.test(phraseRu(body));
    const inEnglish = placeholders.map(([, , body = ""]) => body).filter(isInEnglish);
    expect(new Set(inEnglish), "placeholders without Russian words").toEqual(new Set(UNKNOWN_TO_US));
  });
});

describe("the time left of a window", () => {
  it.for<[number, string]>([
    [24 * 60, "24 h"],
    [91, "1 h"],
    [90, "90 min"],
    [0.2, "1 min"],
  ])("of %d minutes is %s", ([minutes, expected], { expect }) => {
    expect(formatLeft(minutes * 60_000, stringsOf("en").inbox)).toBe(expected);
  });
});
