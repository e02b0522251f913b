import type { Strings } from "./strings.ts";

export const settingsRu: Strings["settings"] = {
  title: "Настройки",
  appearance: "Внешний вид",
  theme: "Тема",
  themeSystem: "Как в системе",
  themeLight: "Светлая",
  themeDark: "Тёмная",
  language: "Язык",
  openNumbers: "Номера и их состояние",
  account: "Учётная запись",
  signedInAs: (name) => `Вы вошли как ${name}`,
  signOut: "Выйти",
  signOutHint: "Удаляет всё, что эта страница сохранила в браузере, вместе с черновиками.",
};
