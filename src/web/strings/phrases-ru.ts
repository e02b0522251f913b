import { plural } from "./plural.ts";

const counted = plural("ru");

/** What the server says of messages without a text of their own, in Russian; a reason or another app's words may follow. */
const PHRASES: Record<string, string> = {
  "📞 Outgoing call": "📞 Исходящий звонок",
  "📞 Incoming call": "📞 Входящий звонок",
  "📞 Call": "📞 Звонок",
  "📞 Call, declined": "📞 Звонок отклонён",
  "📞 Call, failed": "📞 Звонок не состоялся",
  "📞 Call, not answered": "📞 На звонок не ответили",
  "📞 Missed call": "📞 Пропущенный звонок",
  "🔀 Another app took this chat": "🔀 Чат забрало другое приложение",
  "🔀 Another app passed this chat": "🔀 Чат передало другое приложение",
  "🛒 Order without a list of items": "🛒 Заказ без списка товаров",
  "💳 paid": "💳 оплачено",
  "💳 refunded": "💳 деньги возвращены",
  "💳 payment pending": "💳 ожидает оплаты",
  "💳 payment failed": "💳 оплата не прошла",
  "💳 payment canceled": "💳 оплата отменена",
};

const COUNTED: Record<string, (count: number) => string> = {
  item: (count) => counted(count, { one: "товар", few: "товара", many: "товаров", other: "товара" }),
  product: (count) => counted(count, { one: "товар", few: "товара", many: "товаров", other: "товара" }),
  card: (count) => counted(count, { one: "карточка", few: "карточки", many: "карточек", other: "карточки" }),
};

/** Why a message or a call has failed, where Meta gives no words. */
const REASONS: Record<string, string> = {
  "the file could not be downloaded": "файл не удалось загрузить",
  "something went wrong at WhatsApp": "сбой в WhatsApp",
  "WhatsApp does not have this message": "в WhatsApp этого сообщения нет",
  "the customer cannot be called": "клиенту нельзя позвонить",
  "the call could not be connected": "соединить не удалось",
  "the customer has not permitted calls": "клиент не разрешил звонки",
};

/** The words that stand in brackets. */
const PLACEHOLDERS: Record<string, string> = {
  image: "фото",
  video: "видео",
  audio: "аудио",
  "voice message": "голосовое сообщение",
  voicemail: "голосовая почта",
  document: "документ",
  sticker: "стикер",
  location: "геопозиция",
  contacts: "контакт",
  order: "заказ",
  "button reply": "ответ кнопкой",
  "list reply": "ответ из списка",
  button: "кнопка",
  "flow reply": "ответы на анкету",
  address: "адрес",
  "call permission": "разрешение на звонок",
  "call permission: accept": "разрешил звонить",
  "call permission: reject": "не разрешил звонить",
  "reaction removed": "реакция убрана",
  deleted: "удалено",
  "opened the chat": "открыл чат",
  "changed their number": "сменил номер",
  "changed their user id": "сменил идентификатор",
  "security code changed": "код безопасности изменился",
  "file not available": "файл недоступен",
  unsupported: "не поддерживается",
  poll: "опрос",
  "vote in a poll": "голос в опросе",
  "invitation to a group": "приглашение в группу",
  "disappearing message": "исчезающее сообщение",
  "view-once message": "одноразовое сообщение",
  "video note": "видеосообщение",
  event: "мероприятие",
  template: "шаблон",
  interactive: "сообщение с кнопками",
  unknown: "сообщение неизвестного вида",
  errors: "ошибка",
  system: "системное сообщение",
  GIF: "GIF",
  product: "товар",
  "live location": "трансляция геопозиции",
  "pinned message": "закреплённое сообщение",
  "kept message": "сохранённое сообщение",
  "edit of a message": "изменение сообщения",
  "deletion of a message": "удаление сообщения",
  "answer to an event": "ответ на мероприятие",
  "invitation to a channel": "приглашение в канал",
  "call recording": "запись звонка",
  "call transcript": "расшифровка звонка",
  "location request": "запрос геопозиции",
  "address request": "запрос адреса",
  "call permission request": "запрос разрешения на звонок",
  "phone number request": "запрос номера телефона",
  catalog: "каталог",
};

/** A line that the server puts below a text: what was asked for or is shown with it, or why its file is missing. */
const BELOW =
  /^(?:🛍|🎠|\[(?:[a-z ]+ request|catalog|(?:image|video|audio|voice message|document|sticker): [^\]]+)\]$)/u;

/** A phrase of the server; as it is where it is somebody's own words, or not known. */
export function phraseRu(phrase: string): string {
  const [first = "", ...below] = phrase.split("\n");
  return [lineRu(first), ...below.map((line) => (BELOW.test(line) ? lineRu(line) : line))].join("\n");
}

function lineRu(line: string): string {
  const [, icon, count, noun, after] =
    /^([🛒🛍🎠]) ([\d.]+) (item|product|card)s?((?:[,:].*)?)$/u.exec(line) ?? [];
  if (noun) return `${icon} ${COUNTED[noun]?.(Number(count))}${after}`;
  const [, minutes, seconds, failure] = /^📞 Call, (?:(\d+) min )?(\d+) s(: .+)?$/u.exec(line) ?? [];
  if (seconds) return `📞 Звонок, ${minutes ? `${minutes} мин ` : ""}${seconds} с${afterRu(failure ?? "")}`;
  return placeholderRu(line) ?? knownRu(line) ?? line;
}

/** In brackets, with the reason behind it. */
function placeholderRu(line: string): string | null {
  const [, words, reason] =
    /^\[(call permission: \w+|(?:unsupported: )?[^\]:]+)(?:: ([^\]]+))?\]$/.exec(line) ?? [];
  if (words === undefined) return null;
  const [, kind] = /^unsupported: (.+)$/.exec(words) ?? [];
  const known = kind
    ? `не поддерживается: ${translationOf(PLACEHOLDERS, kind) ?? reasonRu(kind)}`
    : translationOf(PLACEHOLDERS, words);
  if (known === undefined) return null;
  return `[${known}${reason ? `: ${reasonRu(reason)}` : ""}]`;
}

/** The longest phrase that the line begins with, up to a comma or a colon. */
function knownRu(line: string): string | null {
  const ends = [...line.matchAll(/, |: |$/g)].map(({ index }) => index);
  const end = ends.findLast((at) => Object.hasOwn(PHRASES, line.slice(0, at)));
  return end === undefined ? null : `${PHRASES[line.slice(0, end)]}${afterRu(line.slice(end))}`;
}

/** A reason in Russian; as it is where Meta or somebody else has given the words. */
function reasonRu(reason: string): string {
  if (/^Meta error \d+$/.test(reason)) return reason.replace("Meta error", "ошибка Meta");
  return translationOf(REASONS, reason) ?? reason;
}

/** What follows a phrase. */
function afterRu(after: string): string {
  return after.startsWith(": ") ? `: ${reasonRu(after.slice(2))}` : after;
}

/** Undefined where the table has none. Meta's names may be those of inherited properties, such as `constructor`. */
function translationOf(table: Record<string, string>, phrase: string): string | undefined {
  return Object.hasOwn(table, phrase) ? table[phrase] : undefined;
}
