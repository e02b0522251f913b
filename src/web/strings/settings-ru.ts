import type { Strings } from "./strings.ts";

export const settingsRu: Strings["settings"] = {
  title: "Настройки",
  appearance: "Внешний вид",
  theme: "Тема",
  themeSystem: "Как в системе",
  themeLight: "Светлая",
  themeDark: "Тёмная",
  language: "Язык",
  notifications: "Уведомления",
  sound: "Звук, когда пишет клиент",
  systemNotifications: "Системные уведомления",
  allowNotifications: "Разрешить уведомления…",
  notificationsDenied:
    "Браузер запретил уведомления этой страницы. Разрешите их в его настройках для этого сайта.",
  hideText: "Скрывать текст клиента",
  newMessage: "Новое сообщение",
  writing: "Ответы",
  showTyping: "Показывать клиенту, что вы пишете",
  showTypingHint: "WhatsApp при этом отмечает его сообщение прочитанным.",
  singleKeys: "Отдельные буквы",
  singleKeysHint: "Сочетания с Ctrl и Alt работают всегда.",
  openNumbers: "Номера и их состояние",
  account: "Учётная запись",
  signedInAs: (name) => `Вы вошли как ${name}`,
  signOut: "Выйти",
  signOutHint: "Удаляет всё, что эта страница сохранила в браузере, вместе с черновиками.",
};
