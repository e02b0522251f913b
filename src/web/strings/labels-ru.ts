import type { Strings } from "./strings.ts";

export const labelsRu: Strings["labels"] = {
  title: "Метки",
  none: "Меток нет",
  add: "Добавить метку",
  create: "Новая метка…",
  name: "Название",
  color: "Цвет",
  save: "Создать",
  takeOff: (name) => `Снять метку ${name}`,
  filter: "Метка",
  any: "Любая метка",
  colors: {
    gray: "Серый",
    red: "Красный",
    orange: "Оранжевый",
    yellow: "Жёлтый",
    green: "Зелёный",
    teal: "Бирюзовый",
    blue: "Синий",
    purple: "Фиолетовый",
    pink: "Розовый",
  },
};
