import { Component, type ComponentType, lazy, type ReactNode, Suspense, useEffect, useReducer } from "react";
import { createPortal } from "react-dom";
import { Button } from "./button.tsx";
import { useSteady } from "./hooks.ts";
import styles from "./late.module.css";
import { Notice } from "./notice.tsx";
import { useStrings } from "./strings-context.tsx";

class LoadFailure extends Error {}

type Load<Props> = () => Promise<{ default: ComponentType<Props> }>;

/** A part of the page whose script is loaded when `Late` first shows it. */
export class LatePart<Props extends object> {
  readonly #load: Load<Props>;
  component: ComponentType<Props>;

  constructor(load: Load<Props>) {
    this.#load = load;
    this.component = this.#loadedLater();
  }

  /** Has the script loaded anew: a lazy component remembers for good that it did not load. */
  renew(): void {
    this.component = this.#loadedLater();
  }

  #loadedLater(): ComponentType<Props> {
    const load = () =>
      this.#load().catch((cause: unknown) => {
        throw new LoadFailure("A part of the page did not load.", { cause });
      });
    return lazy(load) as unknown as ComponentType<Props>;
  }
}

type LateProps<Props extends object> = Props & { part: LatePart<Props>; fallback?: ReactNode };

/**
 * Shows a part with its properties; until it is loaded `fallback`, or nothing. Where its script does not load, as without a network or
 * after a deployment, a notice says so and tries again, and the rest of the page goes on.
 */
export function Late<Props extends object>({ part, fallback, ...props }: LateProps<Props>) {
  const [attempts, count] = useReducer((before: number) => before + 1, 0);
  const { component: Part } = part;
  const tryAgain = () => {
    part.renew();
    count();
  };
  return (
    <LoadBoundary key={attempts} onRetry={tryAgain}>
      <Suspense fallback={fallback}>
        <Part {...(props as unknown as Props)} />
      </Suspense>
    </LoadBoundary>
  );
}

type BoundaryProps = { onRetry(): void; children: ReactNode };

/** What a part throws later is not about its script: it is for the boundary around the page. */
class LoadBoundary extends Component<BoundaryProps, { error: unknown }> {
  override state = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    const { error } = this.state as { error: unknown };
    if (error === null) return this.props.children;
    if (!(error instanceof LoadFailure)) throw error;
    return <LoadNotice onRetry={this.props.onRetry} />;
  }
}

function LoadNotice({ onRetry }: { onRetry(): void }) {
  const { app } = useStrings();
  const retry = useSteady(onRetry);
  useEffect(() => {
    addEventListener("online", retry);
    return () => removeEventListener("online", retry);
  }, [retry]);
  // In the page's own layer: a part may stand where everything has a form of its own.
  return createPortal(
    <div className={styles.place}>
      <Notice tone="warning" role="alert">
        {app.failedHint}
        <div className={styles.buttons}>
          <Button onClick={retry}>{app.retry}</Button>
          <Button onClick={() => location.reload()}>{app.reload}</Button>
        </div>
      </Notice>
    </div>,
    document.body,
  );
}
