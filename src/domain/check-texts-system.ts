import type { BilingualText } from "./check-text.ts";

/** What the check of our own parts says. */
export const systemTexts = {
  system_ok: {
    en: { title: "our own parts are in order" },
    ru: { title: "наши собственные части в порядке" },
  },
  database_unreachable: {
    en: {
      title: "the database does not answer",
      why: "Postgres cannot be reached with DATABASE_URL, or was never migrated.",
      fix: "Correct the address: npx wrangler secret put DATABASE_URL, then: npm run migrate",
    },
    ru: {
      title: "база данных не отвечает",
      why: "Postgres недоступен по DATABASE_URL, или миграции не выполнялись.",
      fix: "Исправьте адрес: npx wrangler secret put DATABASE_URL, затем: npm run migrate",
    },
  },
  migrations_missing: {
    en: {
      title: "migrations are missing: {applied} of {wanted}",
      why: "The database is older than this version.",
      fix: "npm run migrate",
    },
    ru: {
      title: "не хватает миграций: {applied} из {wanted}",
      why: "База данных старше этой версии.",
      fix: "npm run migrate",
    },
  },
  functions_outdated: {
    en: {
      title: "the SQL functions are those of another version",
      why: "The Worker was deployed without migrating the database.",
      fix: "npm run migrate",
    },
    ru: {
      title: "функции SQL от другой версии",
      why: "Worker развёрнут без миграции базы данных.",
      fix: "npm run migrate",
    },
  },
  objects_silent: {
    en: {
      title: "the Durable Objects do not answer",
      why: "Webhooks are stored through them.",
      fix: "Look at the Worker's bindings in wrangler.toml, then: npm run deploy",
    },
    ru: {
      title: "Durable Objects не отвечают",
      why: "Через них сохраняются вебхуки.",
      fix: "Проверьте привязки Worker в wrangler.toml, затем: npm run deploy",
    },
  },
  secrets_missing: {
    en: {
      title: "not set: {names}",
      why: "The Worker cannot do without.",
      fix: "npx wrangler secret put NAME, for each of them",
    },
    ru: {
      title: "не заданы: {names}",
      why: "Без них Worker не работает.",
      fix: "npx wrangler secret put NAME — для каждого из них",
    },
  },
  secrets_short: {
    en: {
      title: "too short: {names}",
      why: "Short secrets can be guessed.",
      fix: "openssl rand -base64 32, then: npx wrangler secret put NAME",
    },
    ru: {
      title: "слишком короткие: {names}",
      why: "Короткие секреты можно подобрать.",
      fix: "openssl rand -base64 32, затем: npx wrangler secret put NAME",
    },
  },
  secrets_example: {
    en: {
      title: "an example value of the documentation: {names}",
      why: "Everybody knows it.",
      fix: "Choose a value of your own, then: npx wrangler secret put NAME",
    },
    ru: {
      title: "значение из документации: {names}",
      why: "Его знают все.",
      fix: "Придумайте собственное значение, затем: npx wrangler secret put NAME",
    },
  },
  sealing_key_missing: {
    en: {
      title: "access tokens are stored unsealed",
      why: "TOKEN_SEALING_KEY is not set: whoever reads the database reads the tokens.",
      fix: "openssl rand -base64 32, then: npx wrangler secret put TOKEN_SEALING_KEY",
    },
    ru: {
      title: "токены доступа хранятся без шифрования",
      why: "TOKEN_SEALING_KEY не задан: кто читает базу, читает и токены.",
      fix: "openssl rand -base64 32, затем: npx wrangler secret put TOKEN_SEALING_KEY",
    },
  },
  alarm_webhook_unusable: {
    en: {
      title: "alarms are not delivered: {name} cannot be used",
      why: "The URL must be public and https; the secret is whsec_ and 24 to 64 bytes in base64.",
      fix: "Correct it as docs/configuration.md says, or remove ALARM_WEBHOOK_URL.",
    },
    ru: {
      title: "тревоги не отправляются на ваш адрес: неверное значение {name}",
      why: "Адрес должен начинаться с https:// и быть доступен из интернета. Секрет состоит из whsec_ и от 24 до 64 байт в base64.",
      fix: "Исправьте значение по docs/configuration.md или удалите ALARM_WEBHOOK_URL.",
    },
  },
  clock_differs: {
    en: {
      title: "our clock and Meta's differ by {seconds} s",
      why: "The clock decides whether a customer's 24-hour window is open and a token is valid.",
      fix: "Set the clock of this machine.",
    },
    ru: {
      title: "наши часы и часы Meta расходятся на {seconds} с",
      why: "По часам определяется, открыто ли 24-часовое окно для ответа клиенту и действует ли токен.",
      fix: "Настройте часы этой машины.",
    },
  },
  version_ended: {
    en: {
      title: "Graph {version} has ended",
      why: "It ended on {endsAt}. Calls fail or behave as a newer version.",
      fix: "Set wabaApiVersion to v25.0.",
    },
    ru: {
      title: "Meta больше не поддерживает Graph {version}",
      why: "Поддержка закончилась {endsAt}. Запросы не выполняются или выполняются по правилам более новой версии.",
      fix: "Укажите в wabaApiVersion v25.0.",
    },
  },
  version_ends_soon: {
    en: {
      title: "Graph {version} ends on {endsAt}",
      why: "After that day calls fail or behave as a newer version.",
      fix: "Set wabaApiVersion to v25.0.",
    },
    ru: {
      title: "Meta перестанет поддерживать Graph {version} {endsAt}",
      why: "После этого дня запросы не будут выполняться или будут выполняться по правилам более новой версии.",
      fix: "Укажите в wabaApiVersion v25.0.",
    },
  },
  version_unknown: {
    en: {
      title: "Graph {version} is not known to this program",
      why: "It was never tested with it.",
      fix: "Set wabaApiVersion to v25.0, unless you know better.",
    },
    ru: {
      title: "версия Graph {version} здесь неизвестна",
      why: "С ней эту программу не проверяли.",
      fix: "Укажите в wabaApiVersion v25.0, если не уверены.",
    },
  },
  region_far: {
    en: {
      title: "the database is far away: {ms} ms",
      why: "Every step of a message waits for that trip.",
      fix: "Place the Worker beside the database: [placement] in wrangler.toml, or move the database.",
    },
    ru: {
      title: "база данных далеко: {ms} мс",
      why: "Столько времени добавляет каждый запрос к базе, а на одно сообщение их несколько.",
      fix: "Разместите Worker рядом с базой: [placement] в wrangler.toml, или перенесите базу.",
    },
  },
} satisfies Record<string, BilingualText>;
