import { useState } from "react";
import { HIDE_TEXT, isOn, NOTIFICATIONS, SOUND, turn } from "../models/preferences.ts";
import { Button } from "../parts/button.tsx";
import { Notice } from "../parts/notice.tsx";
import { useServices } from "../parts/services.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import styles from "./settings.module.css";
import { Switch } from "./switch.tsx";

/** Sound, notifications of the system, and whether they show what a customer wrote. Permission is asked for by a button only. */
export function NotificationSettings() {
  const { store } = useServices();
  const { settings } = useStrings();
  const [permission, setPermission] = useState(() => Notification.permission);
  const [hasSound, setSound] = useState(() => isOn(store, SOUND));
  const [isNotified, setNotified] = useState(() => isOn(store, NOTIFICATIONS));
  const [isHidden, setHidden] = useState(() => isOn(store, HIDE_TEXT));
  const allow = async () => {
    const answer = await Notification.requestPermission();
    setPermission(answer);
    if (answer !== "granted") return;
    turn(store, NOTIFICATIONS, true);
    setNotified(true);
  };
  return (
    <section className={styles.section}>
      <h2 className={styles.heading}>{settings.notifications}</h2>
      <Switch
        label={settings.sound}
        isOn={hasSound}
        onChange={(next) => {
          turn(store, SOUND, next);
          setSound(next);
        }}
      />
      {permission === "granted" && (
        <Switch
          label={settings.systemNotifications}
          isOn={isNotified}
          onChange={(next) => {
            turn(store, NOTIFICATIONS, next);
            setNotified(next);
          }}
        />
      )}
      {permission === "default" && (
        <div>
          <Button onClick={() => void allow()}>{settings.allowNotifications}</Button>
        </div>
      )}
      {permission === "denied" && <Notice tone="info">{settings.notificationsDenied}</Notice>}
      <Switch
        label={settings.hideText}
        isOn={isHidden}
        onChange={(next) => {
          turn(store, HIDE_TEXT, next);
          setHidden(next);
        }}
      />
    </section>
  );
}
