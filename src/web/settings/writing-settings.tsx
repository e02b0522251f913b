import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ME, useMe } from "../inbox/agents.ts";
import { ENTER_BREAKS, isOn, SHOW_TYPING, turn } from "../models/preferences.ts";
import { Notice } from "../parts/notice.tsx";
import { useServices, useSignIn } from "../parts/services.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import { useRefusalText } from "../parts/use-refusal-text.ts";
import styles from "./settings.module.css";
import { Switch } from "./switch.tsx";

type OwnSwitchProps = { preference: typeof SHOW_TYPING | typeof ENTER_BREAKS; label: string; hint: string };

/** What Enter does, whether customers see that an answer is being written, and for admins whether a reply takes its chat. */
export function WritingSettings() {
  const { session } = useSignIn();
  const { settings } = useStrings();
  return (
    <section className={styles.section}>
      <h2 className={styles.heading}>{settings.writing}</h2>
      <OwnSwitch preference={ENTER_BREAKS} label={settings.enterBreaks} hint={settings.enterBreaksHint} />
      <OwnSwitch preference={SHOW_TYPING} label={settings.showTyping} hint={settings.showTypingHint} />
      {session?.role === "admin" && <ReplyTakesChat />}
    </section>
  );
}

function OwnSwitch({ preference, label, hint }: OwnSwitchProps) {
  const { store } = useServices();
  const [isSet, set] = useState(() => isOn(store, preference));
  const change = (next: boolean) => {
    turn(store, preference, next);
    set(next);
  };
  return <Switch label={label} hint={hint} isOn={isSet} onChange={change} />;
}

function ReplyTakesChat() {
  const { api } = useServices();
  const { settings } = useStrings();
  const refusalOf = useRefusalText();
  const queries = useQueryClient();
  const me = useMe();
  /** Shown until the server has it. */
  const [wanted, setWanted] = useState<boolean | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  if (!me) return null;
  const change = async (replyTakesChat: boolean) => {
    setProblem(null);
    setWanted(replyTakesChat);
    try {
      await api.request("/me/organization", { method: "PATCH", json: { replyTakesChat } });
      await queries.invalidateQueries({ queryKey: ME });
    } catch (error) {
      setProblem(refusalOf(error));
    }
    setWanted(null);
  };
  return (
    <>
      <Switch
        label={settings.replyTakesChat}
        hint={settings.replyTakesChatHint}
        isOn={wanted ?? me.organization.replyTakesChat}
        onChange={(next) => void change(next)}
      />
      {problem && (
        <Notice tone="danger" role="alert">
          {problem}
        </Notice>
      )}
    </>
  );
}
