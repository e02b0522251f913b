import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { NetworkError } from "../models/api.ts";
import { parseToken } from "../models/session.ts";
import { Button } from "../parts/button.tsx";
import { Notice } from "../parts/notice.tsx";
import { useServices } from "../parts/services.tsx";
import { useStrings } from "../parts/strings-context.tsx";
import type { Strings } from "../strings/strings.ts";
import styles from "./sign-in.module.css";

type DemoAgent = { name: string; role: string; token: string };

/** A field for the token and, in local mode, the demo agents. The server is asked before a token is stored. */
export function SignInForm() {
  const { sessions, api } = useServices();
  const strings = useStrings();
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const fieldId = useId();

  const submit = async (token: string) => {
    setProblem(null);
    const session = parseToken(token);
    if (!session) return setProblem(strings.signIn.malformed);
    if (session.expiresAtMs <= Date.now()) return setProblem(strings.signIn.expired);
    setBusy(true);
    try {
      const response = await api.requestAs(session.token, "/chats?limit=1");
      if (response.ok) sessions.signIn(session);
      else setProblem(await refusalOf(response, strings));
    } catch (error) {
      setProblem(error instanceof NetworkError ? strings.app.offline : strings.app.failed);
    } finally {
      setBusy(false);
    }
  };

  return (
    <div className={styles.form}>
      <form
        className={styles.fields}
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void submit(text);
        }}
      >
        <label htmlFor={fieldId} className={styles.label}>
          {strings.signIn.token}
        </label>
        <textarea
          id={fieldId}
          className={styles.token}
          rows={3}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !event.nativeEvent.isComposing) {
              event.preventDefault();
              void submit(text);
            }
          }}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          aria-describedby={`${fieldId}-hint`}
          aria-invalid={problem !== null}
        />
        <p id={`${fieldId}-hint`} className={styles.hint}>
          {strings.signIn.tokenHint}
        </p>
        {problem && (
          <Notice tone="danger" role="alert">
            {problem}
          </Notice>
        )}
        <Button type="submit" look="primary" isBusy={isBusy} disabled={text.trim() === ""}>
          {strings.signIn.submit}
        </Button>
      </form>
      <DemoAgents onChoose={(agent: DemoAgent) => void submit(agent.token)} />
    </div>
  );
}

function DemoAgents({ onChoose }: { onChoose(agent: DemoAgent): void }) {
  const strings = useStrings();
  const isLocal = ["127.0.0.1", "localhost"].includes(location.hostname);
  const { data: agents = [] } = useQuery({
    queryKey: ["demo-agents"],
    queryFn: readDemoAgents,
    enabled: isLocal,
  });
  if (agents.length === 0) return null;
  return (
    <section className={styles.demo} aria-label={strings.signIn.demo}>
      <p className={styles.hint}>{strings.signIn.demoLead}</p>
      <ul className={styles.agents}>
        {agents.map((agent) => (
          <li key={agent.name}>
            <Button onClick={() => onChoose(agent)} icon="user">
              <bdi>{agent.name}</bdi>
              <span className={styles.role}>
                {agent.role === "admin" ? strings.signIn.admin : strings.signIn.agent}
              </span>
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Local mode adds this file to the page. */
async function readDemoAgents(): Promise<DemoAgent[]> {
  const response = await fetch("/demo-agents.json");
  return response.ok ? ((await response.json()) as DemoAgent[]) : [];
}

async function refusalOf(response: Response, strings: Strings): Promise<string> {
  if (response.status === 401) return strings.signIn.refused;
  const problem = (await response.json().catch(() => null)) as { detail?: string } | null;
  return problem?.detail ?? strings.app.unknownError;
}
