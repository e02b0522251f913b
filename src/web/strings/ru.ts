import { activityRu } from "./activity-ru.ts";
import { alarmsRu } from "./alarms-ru.ts";
import { composerRu } from "./composer-ru.ts";
import { detailsRu } from "./details-ru.ts";
import { emojiRu } from "./emoji-ru.ts";
import { guardRu } from "./guard-ru.ts";
import { inboxRu } from "./inbox-ru.ts";
import { labelsRu } from "./labels-ru.ts";
import { newChatRu } from "./new-chat-ru.ts";
import { noteRu } from "./note-ru.ts";
import { quickRepliesRu } from "./quick-replies-ru.ts";
import { searchRu } from "./search-ru.ts";
import { settingsRu } from "./settings-ru.ts";
import { signInRu } from "./sign-in-ru.ts";
import type { Strings } from "./strings.ts";
import { voiceRu } from "./voice-ru.ts";

export const ru: Strings = {
  app: {
    name: "WABA Edge",
    inbox: "Чаты",
    settings: "Настройки",
    retry: "Повторить",
    cancel: "Отмена",
    close: "Закрыть",
    back: "Назад",
    loading: "Загрузка…",
    notFound: "По этому адресу ничего нет",
    toInbox: "Открыть чаты",
    failed: "Что-то пошло не так",
    failedHint: "Вышла новая версия страницы или пропала связь. Черновики сохранены.",
    reload: "Обновить страницу",
    offline: "Сервер недоступен. Проверьте подключение к сети.",
    unknownError: "Сервер ответил ошибкой, которую эта страница не знает.",
    mainNavigation: "Главное меню",
    skipToContent: "Перейти к содержимому",
  },
  inbox: inboxRu,
  activity: activityRu,
  alarms: alarmsRu,
  composer: composerRu,
  details: detailsRu,
  quickReplies: quickRepliesRu,
  note: noteRu,
  voice: voiceRu,
  guard: guardRu,
  labels: labelsRu,
  newChat: newChatRu,
  emoji: emojiRu,
  search: searchRu,
  signIn: signInRu,
  settings: settingsRu,
};
