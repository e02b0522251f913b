import { useStrings } from "../parts/strings-context.tsx";
import { useTitle } from "../parts/use-title.ts";
import styles from "./sign-in.module.css";
import { SignInForm } from "./sign-in-form.tsx";

export function SignInPage() {
  const strings = useStrings();
  useTitle(`${strings.signIn.title} · ${strings.app.name}`);
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <header className={styles.header}>
          <img src="/icon.svg" width={44} height={44} alt="" />
          <h1 className={styles.title}>{strings.signIn.title}</h1>
          <p className={styles.lead}>{strings.signIn.lead}</p>
        </header>
        <SignInForm />
      </div>
    </main>
  );
}
