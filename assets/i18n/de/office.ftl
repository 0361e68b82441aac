## Dashboard: what stands around every page

office-skip = Zum Inhalt springen
office-store = Shop
office-account = Ihr Konto:
office-sign-out = Abmelden
office-navigation = Seiten
office-waiting = zu erledigen
office-to-start = Zur Startseite
office-not-found-title = Nicht gefunden
office-not-found-text = Diese Seite gibt es hier nicht, oder sie gehört zu einem Shop, den Sie nicht sehen.
office-forbidden-title = Nicht für Ihre Rolle
office-forbidden-text = Dafür ist die Rolle „{ $role }“ nötig. Bitten Sie einen Inhaber, es zu tun oder Ihre Rolle zu ändern.
office-foreign-title = Nicht von dieser Seite gesendet
office-foreign-text = Das Formular kam nicht von einer Seite dieses Dashboards, oder die Seite war länger geöffnet, als Sie angemeldet waren. Es wurde nichts geändert: Gehen Sie zurück, laden Sie die Seite neu und wiederholen Sie es.
office-signed-out-title = Abgemeldet
office-signed-out-text = Sie sind nicht oder nicht mehr angemeldet. Es wurde nichts geändert.
office-link-gone-title = Dieser Einrichtungslink gilt nicht mehr
office-link-gone-text = Er wurde schon benutzt, oder payd wurde neu gestartet und hat einen neuen ausgegeben. Wenn payd schon eingerichtet ist, melden Sie sich an.
office-too-many-title = Zu viele Versuche
office-unread-title = Nicht gelesen
office-unread-text = Was gesendet wurde, ist zu lang oder brach vorzeitig ab. Es wurde nichts geändert.
office-failed-title = Das hat nicht geklappt
office-failed-text = payd konnte das wegen eines internen Fehlers nicht tun; im Log steht mehr. Es wurde nichts geändert.
office-docs-text = So spricht Ihr Shop mit payd: Schnellstarts in sechs Sprachen und die Referenz.
office-docs-overview = Welche davon ist meine? Übersicht
office-docs-key = Testschlüssel einsetzen
office-docs-key-hint = Legt einen Testschlüssel dieses Shops an und setzt ihn in die Programme ein, in diesem Browser und für eine Stunde. Er bleibt in der Liste Ihrer API-Schlüssel.
role-owner = Inhaber
role-staff = Mitarbeiter
role-read-only = Nur Lesen

## Dashboard: navigation

nav-overview = Übersicht
nav-payments = Zahlungen
nav-counter = Kasse
nav-inbox = Posteingang
nav-balances = Guthaben
nav-donations = Spenden
nav-addresses = Adressen
nav-webhooks = Webhooks
nav-keys = API-Schlüssel
nav-widget = Zahlungs-Widget
nav-settings = Shop-Einstellungen
nav-stores = Shops
nav-nodes = Nodes
nav-notices = Benachrichtigungen
nav-users = Benutzer
nav-audit-log = Prüfprotokoll
nav-backup = Sicherung
nav-docs = Dokumentation
nav-about = Über payd

## Dashboard: signing in

entry-sign-in-title = Anmelden
entry-name-label = Benutzername
entry-password-label = Passwort
entry-sign-in = Anmelden
entry-wrong = Der Name oder das Passwort ist falsch.
entry-too-many = Zu viele Versuche sind fehlgeschlagen. Versuchen Sie es in { $seconds } Sekunden noch einmal.
