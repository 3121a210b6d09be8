// A secret that is shown once, when it is made: to be copied and stored, never to be had again.
import { t } from "../text/language";
import { Dialog, say } from "./feedback";
import { Button } from "./form";

export function SecretDialog({ title, explain, note, secret, onStored }: { title: string; explain: string; note?: string; secret: string; onStored: () => void }) {
  const copy = () => navigator.clipboard?.writeText(secret).then(() => say(t("key.copied")), () => say(t("key.not_copied"), true));
  return (
    <Dialog title={title} onClose={onStored}>
      <div class="stack">
        <p>{explain}</p>
        <p class="secret" id="secret">{secret}</p>
        {note && <p class="small soft">{note}</p>}
        <div class="form-end">
          <Button onClick={copy}>{t("key.copy")}</Button>
          <Button kind="primary" onClick={onStored}>{t("key.stored")}</Button>
        </div>
      </div>
    </Dialog>
  );
}
