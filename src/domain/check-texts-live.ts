import type { BilingualText } from "./check-text.ts";

/** What the checks of messages in and out say. */
export const liveTexts = {
  inbound_ok: {
    en: { title: "messages come in; the last one {lastInboundAt}" },
    ru: { title: "сообщения приходят; последнее {lastInboundAt}" },
  },
  inbound_not_tried: {
    en: { title: "no message has come in yet: write to the number from a phone" },
    ru: { title: "сообщений ещё не было: напишите на номер с телефона" },
  },
  inbound_waiting: {
    en: { title: "waiting for a message" },
    ru: { title: "ждём сообщение" },
  },
  inbound_test_event: {
    en: {
      title: "Meta's test event came: the address and the signature work",
      why: "A real message did not come within {seconds} s. An app that is not published gets test events only.",
      fix: "Publish the app, and write to the number from a phone.",
    },
    ru: {
      title: "пришло тестовое событие Meta: адрес и подпись в порядке",
      why: "Настоящее сообщение за {seconds} с не пришло. Неопубликованное приложение получает только тестовые события.",
      fix: "Опубликуйте приложение и напишите на номер с телефона.",
    },
  },
  inbound_nothing: {
    en: {
      title: "no message came within {seconds} s",
      why: "Meta sent nothing to this address. An app that is not published gets test events only.",
      fix: "Look at C11 and C12, publish the app, then write to the number once more.",
    },
    ru: {
      title: "за {seconds} с не пришло ни одного сообщения",
      why: "Meta ничего не прислала на этот адрес. Неопубликованное приложение получает только тестовые события.",
      fix: "Посмотрите C11 и C12, опубликуйте приложение и напишите на номер ещё раз.",
    },
  },
  inbound_other_number: {
    en: {
      title: "a message came for another number",
      why: "An event of this account at {at} was for a number that is not connected here.",
      fix: "Write to the right number, or compare the phone number ID with API Setup.",
    },
    ru: {
      title: "сообщение пришло для другого номера",
      why: "Событие этого аккаунта в {at} было для номера, который здесь не подключён.",
      fix: "Напишите на нужный номер или сравните phone number ID со страницей API Setup.",
    },
  },
  inbound_bad_signature: {
    en: {
      title: "a webhook came with a wrong signature",
      why: "At {at} one for this number was refused: META_APP_SECRET is not the secret of the app that sent it.",
      fix: "Copy the app secret (App settings → Basic), then: npx wrangler secret put META_APP_SECRET",
    },
    ru: {
      title: "пришёл вебхук с неверной подписью",
      why: "В {at} отклонён вебхук для этого номера: META_APP_SECRET — не секрет приложения, которое его отправило.",
      fix: "Скопируйте секрет приложения (App settings → Basic), затем: npx wrangler secret put META_APP_SECRET",
    },
  },
  outbound_ok: {
    en: { title: "the test message went out: {status}" },
    ru: { title: "тестовое сообщение ушло: {status}" },
  },
  outbound_not_tried: {
    en: { title: "no test message was sent" },
    ru: { title: "тестовое сообщение не отправляли" },
  },
  outbound_waiting: {
    en: { title: "waiting for the status of the test message" },
    ru: { title: "ждём статус тестового сообщения" },
  },
  outbound_failed: {
    en: {
      title: "the test message was not delivered",
      why: "{meta}",
      fix: "Remove that cause, then send it again.",
    },
    ru: {
      title: "тестовое сообщение не доставлено",
      why: "{meta}",
      fix: "Устраните причину и отправьте его ещё раз.",
    },
  },
  outbound_no_status: {
    en: {
      title: "accepted by Meta, but no status within 60 s",
      why: "Statuses come as webhooks: they do not reach this address.",
      fix: "Look at C11 and C12.",
    },
    ru: {
      title: "Meta приняла сообщение, но статуса нет дольше 60 с",
      why: "Статусы приходят вебхуками: они не доходят до этого адреса.",
      fix: "Посмотрите C11 и C12.",
    },
  },
} satisfies Record<string, BilingualText>;
