import { Component, type ReactNode } from "react";
import { Button } from "./button.tsx";
import { EmptyState } from "./empty-state.tsx";
import { useStrings } from "./strings-context.tsx";

/**
 * Around what an address shows: says what to do when its script does not load, as after a deployment or without a network, or when
 * it throws. Without it React would leave an empty page.
 */
export class FailureBoundary extends Component<{ children: ReactNode }, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override render() {
    return this.state.hasFailed ? <Failure /> : this.props.children;
  }
}

function Failure() {
  const { app } = useStrings();
  return (
    <EmptyState isPage icon="warning" title={app.failed} hint={app.failedHint}>
      <Button icon="refresh" onClick={() => location.reload()}>
        {app.reload}
      </Button>
    </EmptyState>
  );
}
