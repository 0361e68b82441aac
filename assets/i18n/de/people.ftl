## Dashboard: one’s own account

account-title = Ihr Konto
account-password = Passwort ändern
account-password-old = Ihr jetziges Passwort
account-password-new = Neues Passwort
account-password-again = Neues Passwort wiederholen
account-password-hint = Mindestens zehn Zeichen. Hier bleiben Sie angemeldet, überall sonst werden Sie abgemeldet.
account-password-go = Passwort ändern
account-password-done = Ihr Passwort wurde geändert. Überall sonst wurden Sie abgemeldet.
account-language = Sprache
account-language-browser = Wie im Browser eingestellt
account-language-done = Die Sprache wurde geändert.
account-sessions = Wo Sie angemeldet sind
account-sessions-end = Überall sonst abmelden
account-sessions-done = Sie wurden überall sonst abgemeldet.
account-session-done = Die Sitzung wurde beendet.
session-browser = Browser
session-address = Von
session-since = Seit
session-seen = Zuletzt verwendet
session-this = Diese hier
session-end = Beenden
people-save = Speichern
people-cancel = Abbrechen
people-actions = Aktionen
people-back-account = Zurück zu Ihrem Konto
own-password = Ihr eigenes Passwort
own-password-wrong = Das ist nicht Ihr Passwort.
password-too-short = Ein Passwort hat mindestens { $length } Zeichen.
password-too-long = Dieses Passwort ist zu lang.
password-too-plain = Dieses Passwort wird mit als Erstes erraten. Nehmen Sie mehrere Wörter oder lassen Sie einen Passwortmanager eines erzeugen.
password-not-same = Die beiden stimmen nicht überein.

## Dashboard: reached by a wrong name

entry-host-title = Nicht unter diesem Namen
entry-host-text = Dieses Dashboard weiß nichts davon, dass es so heißt. Wenn es Ihres ist, setzen Sie in der Konfiguration im Abschnitt [dashboard] public_url auf die Adresse, die Sie eingegeben haben, und starten Sie payd neu.

## Dashboard: the second factor

entry-second-title = Zweiter Schritt
entry-second-label = Code Ihrer App oder ein Wiederherstellungscode
entry-second-hint = Die App auf Ihrem Telefon zeigt sechs Ziffern, zweimal pro Minute neue. Jeder Code gilt nur einmal.
entry-second-go = Weiter
entry-second-other = Als jemand anders anmelden
entry-second-wrong = Dieser Code ist falsch, zu alt oder wurde schon verwendet.
second-factor-title = Zweiter Schritt bei der Anmeldung
second-factor-is-on = Ein
second-factor-is-off = Aus
second-factor-why = Mit einem zweiten Schritt nützt ein gestohlenes Passwort allein nichts: Für jede Anmeldung erzeugt eine App auf Ihrem Telefon einen Code.
second-factor-switch-on = Einschalten
second-factor-change = Wiederherstellungscodes, ausschalten
second-factor-step-scan = 1. payd zu einer Authenticator-App hinzufügen
second-factor-qr = QR-Code für eine Authenticator-App
second-factor-type = Scannen Sie das mit der App oder geben Sie dort den Schlüssel ein:
second-factor-open = In einer App auf diesem Gerät öffnen
second-factor-step-code = 2. Zeigen, dass es funktioniert
second-factor-code = Die sechs Ziffern, die die App anzeigt
second-factor-wrong-on = Das ist nicht der Code zu diesem Schlüssel. Vergleichen Sie die Uhr Ihres Telefons mit der des Servers und geben Sie den neuesten Code ein.
second-factor-off = Zweiten Schritt ausschalten
second-factor-off-hint = Danach genügt zum Anmelden Ihr Passwort, und die Wiederherstellungscodes sind ungültig.
second-factor-off-go = Ausschalten
second-factor-off-done = Der zweite Schritt wurde ausgeschaltet.
recovery-title = Wiederherstellungscodes
recovery-once = Diese Codes werden nur dieses eine Mal angezeigt. Mit jedem können Sie sich einmal ohne die App anmelden: Drucken Sie sie aus oder bewahren Sie sie in einem Passwortmanager auf, nicht auf dem Telefon mit der App.
recovery-print = Drucken
recovery-done = Ich habe sie gesichert
recovery-left = { $count ->
    [one] Ein Wiederherstellungscode ist übrig.
   *[other] { $count } Wiederherstellungscodes sind übrig.
}
recovery-new = Neue Wiederherstellungscodes
recovery-new-hint = Wenn nur noch wenige übrig sind oder jemand sie gesehen haben könnte. Die alten sind dann ungültig.
recovery-new-go = Neue Codes erzeugen

## Dashboard: users

user-add = Benutzer hinzufügen
user-new-title = Neuer Benutzer
user-back = Alle Benutzer
user-role = Rolle
role-may-owner = Darf alles: wohin Geld geht, Schlüssel, Benutzer.
role-may-staff = Das Tagesgeschäft: Zahlungen, Posteingang, Kasse, Webhooks erneut senden.
role-may-read-only = Darf alles ansehen, aber nichts ändern.
user-stores = Shops
user-all-stores = Alle Shops
user-some-stores = Nur diese:
user-self = Sie
user-disabled = Gesperrt
user-since = Hinzugefügt
user-rights = Rolle und Shops
user-where = Anmeldeseite
user-name-wrong = Ein Name hat bis zu 64 Buchstaben, Ziffern und . - _ @ und beginnt mit einem Buchstaben oder einer Ziffer.
user-name-taken = Einen Benutzer mit diesem Namen gibt es schon.
user-role-missing = Wählen Sie eine Rolle.
user-store-missing = Wählen Sie mindestens einen Shop oder alle.
user-last-owner = Das ist der letzte Inhaber, der sich anmelden kann. Machen Sie zuerst jemand anderen zum Inhaber.
user-owner-sees-all = Ein Inhaber sieht jeden Shop.
own-password-for-owner = Ihr eigenes Passwort, um jemanden zum Inhaber zu machen
user-add-done = Der Benutzer wurde hinzugefügt.
user-change-done = Rolle und Shops wurden geändert.
user-password-made = payd erzeugt eines und zeigt es einmal an
user-password-typed = Ich gebe eines ein:
user-password-once = Das Passwort wird nur dieses eine Mal angezeigt. Übergeben Sie es persönlich und lassen Sie es dann ändern.
user-password-kept = Ich habe es gesichert
user-password-new = Neues Passwort
user-password-hint = Wenn jemand sein Passwort vergessen hat. Die Person wird überall abgemeldet.
user-password-go = Passwort setzen
user-password-done = Das Passwort wurde geändert. Die Person wurde überall abgemeldet.
user-second-factor-hint = Wenn jemand Telefon und Wiederherstellungscodes verloren hat. Vergewissern Sie sich, dass wirklich diese Person darum bittet.
user-second-factor-done = Der zweite Schritt dieses Benutzers wurde ausgeschaltet.
user-disable = Sperren
user-disable-ask = Die Person wird sofort abgemeldet und kann sich erst wieder anmelden, wenn Sie sie entsperren.
user-disable-go = Diesen Benutzer sperren
user-disable-done = Der Benutzer wurde gesperrt und abgemeldet.
user-enable = Entsperren
user-enable-done = Der Benutzer darf sich wieder anmelden.
user-own-account = Ihr eigenes Passwort, Ihren zweiten Schritt und Ihre Sitzungen finden Sie in Ihrem Konto.
user-sessions = Wo dieser Benutzer angemeldet ist
user-sign-out = Überall abmelden
user-sign-out-done = Der Benutzer wurde überall abgemeldet.
user-no-sessions = Nirgends.
people-copy = Kopieren

## Dashboard: the audit log

log-export = Als CSV herunterladen
log-when = Wann
log-actor = Wer
log-action = Was
log-subject = Woran
log-detail = Einzelheiten
log-everybody = Alle Personen
log-everything = Alle Aktionen
log-filter = Anzeigen
log-all = Alles anzeigen
log-empty = Von Hand wurde noch nichts getan.
log-pages = Frühere und spätere Einträge
log-newest = Neueste
log-older = Ältere

## Dashboard: backup

backup-what = Eine Datei mit allem, was payd weiß: die Datenbank, wie sie in diesem Moment ist, und die Schlüsseldatei.
backup-database = Datenbank
backup-key = Schlüsseldatei
backup-secret = Zusammen sind die beiden alles: API-Schlüssel, Webhook-Geheimnisse, Anmeldungen. Ohne die Schlüsseldatei ist die Datenbank nutzlos. Bewahren Sie die Kopie dort auf, wo sonst niemand sie liest, besser noch beide getrennt. Wallet-Schlüssel sind nicht darin: payd hat keine.
backup-go = Sicherung herunterladen
backup-busy = Es wird schon eine Sicherung erstellt oder heruntergeladen. Versuchen Sie es noch einmal, wenn sie fertig ist.
backup-restore = Wiederherstellen
backup-restore-how = Halten Sie payd an, entpacken Sie beide Dateien anstelle der vorhandenen ins Datenverzeichnis und starten Sie payd. Zahlungen nach der Sicherung sind nicht darin: Lassen Sie vor der ersten neuen Zahlung die Adressen eines Kontoschlüssels nach allen bereits vergebenen weitergehen.
backup-cli = Für automatische Sicherungen, jede Nacht, gibt es den Befehl:

## Dashboard: about payd

about-version = Version
about-target = Gebaut für
about-rust = Gebaut mit
about-licence = Lizenz
about-started = Läuft seit
about-minutes = { $count ->
    [one] eine Minute
   *[other] { $count } Minuten
}
about-hours = { $count ->
    [one] eine Stunde
   *[other] { $count } Stunden
}
about-days = { $count ->
    [one] ein Tag
   *[other] { $count } Tage
}
about-database = Datenbank
about-schema = Schema { $version }
about-place = Datenverzeichnis
about-listens-customers = Erreichbar für Kunden und Shops
about-listens-dashboard = Erreichbar für das Dashboard
about-listens-metrics = Erreichbar für Messwerte
about-licences = Wessen Arbeit in payd steckt
about-licences-text = payd ist aus diesen freien Paketen gebaut, nach Lizenz.
