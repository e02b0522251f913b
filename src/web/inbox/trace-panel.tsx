import { useQuery } from "@tanstack/react-query";
import type { Message } from "../../domain/message.ts";
import type { Trace, TraceStep } from "../../domain/trace.ts";
import { formatExactTime } from "../models/format.ts";
import { Button } from "../parts/button.tsx";
import { EmptyState } from "../parts/empty-state.tsx";
import { Modal, ModalBody } from "../parts/modal.tsx";
import { useServices, useSignIn } from "../parts/services.tsx";
import { useLanguage } from "../parts/strings-context.tsx";
import type { Language, Translated } from "../strings/strings.ts";
import { traceEn } from "../strings/trace-en.ts";
import { traceRu } from "../strings/trace-ru.ts";
import styles from "./trace-panel.module.css";

type Texts = Translated<typeof traceEn>;

const dictionaries: Record<Language, Texts> = { en: traceEn, ru: traceRu };

/** Every step of a message with its times, and what Meta answered to each attempt to send it. */
export default function TracePanel({ messageId, onClose }: { messageId: number; onClose(): void }) {
  const { api } = useServices();
  const { session } = useSignIn();
  const { language, strings } = useLanguage();
  const { app } = strings;
  const texts = dictionaries[language];
  const { data, error, refetch } = useQuery({
    queryKey: ["trace", messageId],
    queryFn: () => api.request<Trace>(`/messages/${messageId}/trace`),
    staleTime: 0,
    gcTime: 0,
  });
  const moment = (at: string) => formatExactTime(at, language);
  return (
    <Modal title={texts.title} onClose={onClose}>
      <ModalBody>
        {error && (
          <EmptyState icon="warning" title={texts.failed}>
            <Button icon="refresh" onClick={() => void refetch()}>
              {app.retry}
            </Button>
          </EmptyState>
        )}
        {!error && !data && <p role="status">{app.loading}</p>}
        {data && (
          <ol className={styles.steps} aria-label={texts.title}>
            {data.steps.map((step) => (
              <li key={`${step.step} ${step.at}`} className={styles.step}>
                <p className={styles.name}>{nameOf(step, texts)}</p>
                <p className={styles.times}>
                  <time dateTime={step.at}>{moment(step.at)}</time> · {texts.clocks[step.clock]}
                  {step.receivedAt && ` · ${texts.cameIn(moment(step.receivedAt))}`}
                </p>
                <Attempt step={step} texts={texts} />
              </li>
            ))}
          </ol>
        )}
        {session?.role === "admin" && <Payload messageId={messageId} title={texts.payload} />}
      </ModalBody>
    </Modal>
  );
}

/** For admins: the message as Meta sent it, of a type that the page may not know. Nothing once it was deleted. */
function Payload({ messageId, title }: { messageId: number; title: string }) {
  const { api } = useServices();
  const { data } = useQuery({
    queryKey: ["payload", messageId],
    queryFn: () => api.request<Message>(`/messages/${messageId}`),
    gcTime: 0,
  });
  if (!data?.payload) return null;
  return (
    <details className={styles.payload}>
      <summary>{title}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no pointer scrolls it by keys. */}
      <section dir="ltr" tabIndex={0} aria-label={title}>
        <pre>{JSON.stringify(data.payload, null, 2)}</pre>
      </section>
    </details>
  );
}

function Attempt({ step: { attempt }, texts }: { step: TraceStep; texts: Texts }) {
  if (!attempt) return null;
  const { outcome, httpStatus, code, fbtraceId } = attempt;
  const parts = [
    texts.outcomes[outcome],
    httpStatus !== null && texts.http(httpStatus),
    code !== null && texts.code(code),
  ].filter(Boolean);
  return (
    <p className={styles.attempt}>
      {parts.join(" · ")}
      {fbtraceId !== null && (
        <>
          {` · ${texts.metaTrace} `}
          <code>{fbtraceId}</code>
        </>
      )}
    </p>
  );
}

/** A step of a newer server goes by its own name. */
function nameOf({ step }: TraceStep, { steps }: Texts): string {
  return Object.entries(steps).find(([name]) => name === step)?.[1] ?? step;
}
