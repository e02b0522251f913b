import type { BilingualText } from "./check-text.ts";

/** What the checks of the app secret and of the subscriptions to Meta's webhooks say. */
export const webhookTexts = {
  secret_ok: {
    en: { title: "the app secret belongs to the token's app{which}" },
    ru: { title: "секрет принадлежит приложению токена{which}" },
  },
  secret_missing: {
    en: {
      title: "the app secret is missing",
      why: "Without META_APP_SECRET no webhook of Meta's can be verified, and each one is refused.",
      fix: "App settings → Basic → App secret, then: npx wrangler secret put META_APP_SECRET",
    },
    ru: {
      title: "нет секрета приложения",
      why: "Без META_APP_SECRET нельзя проверить подпись вебхуков Meta, и все они отклоняются.",
      fix: "App settings → Basic → App secret, затем: npx wrangler secret put META_APP_SECRET",
    },
  },
  secret_other_app: {
    en: {
      title: "The app secret belongs to another app",
      why: "Meta refuses a proof made from it. Webhooks of this app would be refused with 401.",
      fix: "Open the app that the token belongs to: App settings → Basic, then: npx wrangler secret put META_APP_SECRET",
    },
    ru: {
      title: "Секрет принадлежит другому приложению",
      why: "Meta не принимает подпись, сделанную им. Вебхуки этого приложения отклонялись бы с кодом 401.",
      fix: "Откройте приложение токена: App settings → Basic, затем: npx wrangler secret put META_APP_SECRET",
    },
  },
  webhook_ok: {
    en: { title: "the app sends its events to this address" },
    ru: { title: "приложение шлёт события на этот адрес" },
  },
  webhook_not_set: {
    en: {
      title: "the app has no webhook for WhatsApp",
      why: "Meta keeps the events to itself until an address is set.",
      fix: "App → WhatsApp → Configuration → Edit: enter address and verify token, then tick messages.",
    },
    ru: {
      title: "у приложения нет вебхука для WhatsApp",
      why: "Пока адрес не задан, Meta ничего не присылает.",
      fix: "Приложение → WhatsApp → Configuration → Edit: введите адрес и токен проверки, затем отметьте messages.",
    },
  },
  webhook_inactive: {
    en: {
      title: "the app's webhook is switched off",
      why: "Meta stops calling an address that failed for a long time.",
      fix: "App → WhatsApp → Configuration → Edit → Verify and save, once more.",
    },
    ru: {
      title: "вебхук приложения выключен",
      why: "Meta перестаёт обращаться к адресу, который долго не отвечал.",
      fix: "Приложение → WhatsApp → Configuration → Edit → Verify and save, ещё раз.",
    },
  },
  webhook_other_address: {
    en: {
      title: "the app sends its events elsewhere",
      why: "The callback is {url}.",
      fix: "App → WhatsApp → Configuration → Edit: enter the address shown here. Or open this page at that address.",
    },
    ru: {
      title: "приложение шлёт события на другой адрес",
      why: "Указан адрес {url}.",
      fix: "Приложение → WhatsApp → Configuration → Edit: введите показанный здесь адрес. Или откройте эту страницу по тому адресу.",
    },
  },
  webhook_without_messages: {
    en: {
      title: "the app does not send messages",
      why: "The field messages is not subscribed: webhooks come, but none with a message.",
      fix: "Tick messages under WhatsApp → Configuration → Webhook fields.",
    },
    ru: {
      title: "приложение не присылает сообщения",
      why: "Нет подписки на поле messages: вебхуки приходят, но без сообщений.",
      fix: "Отметьте messages в WhatsApp → Configuration → Webhook fields.",
    },
  },
  webhook_fields_missing: {
    en: {
      title: "some useful events are not sent",
      why: "Not subscribed: {missing}.",
      fix: "Tick them under WhatsApp → Configuration → Webhook fields.",
    },
    ru: {
      title: "часть полезных событий не приходит",
      why: "Нет подписки на {missing}.",
      fix: "Отметьте их в WhatsApp → Configuration → Webhook fields.",
    },
  },
  webhook_unreadable: {
    en: {
      title: "the app's webhook settings cannot be read",
      why: "Meta did not show them. {meta}",
      fix: "Compare them by hand under WhatsApp → Configuration.",
    },
    ru: {
      title: "настройки вебхука приложения не читаются",
      why: "Meta их не показала. {meta}",
      fix: "Сравните их вручную в WhatsApp → Configuration.",
    },
  },
  subscription_ok: {
    en: { title: "the account sends its events to the app" },
    ru: { title: "аккаунт шлёт события приложению" },
  },
  app_not_subscribed: {
    en: {
      title: "Verified, but this WABA sends nothing to the app",
      why: "The app is not subscribed to the account (subscribed: {apps}).",
      fix: "Subscribe this app: the button on the page, or npm run doctor -- --fix",
    },
    ru: {
      title: "Адрес подтверждён, но этот WABA ничего не шлёт приложению",
      why: "Приложение не подписано на аккаунт (подписаны: {apps}).",
      fix: "Подпишите это приложение: кнопкой на странице или npm run doctor -- --fix",
    },
  },
  callback_overridden: {
    en: {
      title: "the {level} sends its messages elsewhere",
      why: "At Meta it has the address {url}, which counts before the app's.",
      fix: "Remove the override at Meta, or set it to the address shown here.",
    },
    ru: {
      title: "вебхуки уходят на другой адрес: он задан для {level}",
      why: "В Meta вместо адреса приложения указан {url}.",
      fix: "Удалите в Meta этот адрес (override callback URL) или замените его показанным здесь.",
    },
  },
} satisfies Record<string, BilingualText>;
