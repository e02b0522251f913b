/** What the server says of messages without a text of their own, in Russian. */
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
};

/** A phrase of the server; as it is where it is somebody's own words, or not known. */
export function phraseRu(phrase: string): string {
  const [, minutes, seconds] = /^📞 Call, (?:(\d+) min )?(\d+) s$/.exec(phrase) ?? [];
  if (seconds) return `📞 Звонок, ${minutes ? `${minutes} мин ` : ""}${seconds} с`;
  const [, words, reason] =
    /^\[(call permission: \w+|(?:unsupported: )?[^\]:]+)(: [^\]]+)?\]$/.exec(phrase) ?? [];
  if (words === undefined) return PHRASES[phrase] ?? phrase;
  const [, kind] = /^unsupported: (.+)$/.exec(words) ?? [];
  const known = kind ? `не поддерживается: ${PLACEHOLDERS[kind] ?? kind}` : PLACEHOLDERS[words];
  return known === undefined ? phrase : `[${known}${reason ?? ""}]`;
}
