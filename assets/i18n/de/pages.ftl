### Deutsch, mit „Sie“.

language-name = Deutsch

## Numbers and dates

digit-group = .
decimal-mark = ,
price-usd = { $amount } $
price-eur = { $amount } €
price-rub = { $amount } ₽
price-cny = { $amount } CN¥
price-gbp = { $amount } £
price-jpy = { $amount } ¥
price-brl = { $amount } R$
moment = { $day }. { $month ->
    [1] Januar
    [2] Februar
    [3] März
    [4] April
    [5] Mai
    [6] Juni
    [7] Juli
    [8] August
    [9] September
    [10] Oktober
    [11] November
   *[12] Dezember
} { $year }, { $hour }:{ $minute } UTC
sentences = { $first } { $second }
announcement = { $title }. { $text }

## Head

order = Bestellung { $id }
price-label = Gesamtbetrag
test-banner = Testzahlung: kein echtes Geld

## Choosing the currency

select-title = Womit möchten Sie zahlen?
select-time-hint = zum Auswählen
select-text = Die Beträge folgen dem Kurs. Mit Ihrer Auswahl steht Ihr Betrag fest.
select-no-rate = Zurzeit kein Kurs
select-none = Zurzeit gibt es nichts auszuwählen. Bitte wenden Sie sich an { $shop }.
select-held = Gerade zahlen zu viele Menschen mit { $symbol } über { $network }. Wählen Sie eine andere Währung oder versuchen Sie es in einigen Minuten noch einmal.
select-rate-missing = Zurzeit gibt es keinen Kurs für { $symbol } über { $network }. Wählen Sie eine andere Währung oder versuchen Sie es in einigen Minuten noch einmal.
select-not-offered = Für diese Zahlung ist { $symbol } über { $network } zurzeit nicht möglich. Bitte wählen Sie eine andere Währung.
select-unknown = Diese Währung wird nicht mehr angeboten. Bitte wählen Sie eine andere.
select-busy = Gerade ist sehr viel los. Bitte wählen Sie in einigen Sekunden noch einmal.
select-expired-text = Die Zeit zum Auswählen ist abgelaufen, und es war nichts zu zahlen. Gehen Sie zurück zu { $shop } und beginnen Sie von vorn.

## Asking for the money

waiting-title = Warten auf Ihre Zahlung
part-paid-title = Ein Teil ist eingegangen
send-more = Wir haben { $received } erhalten. Bitte senden Sie noch { $remaining }.
time-left = Verbleibende Zeit
time-left-hint = bis zum Ablauf
amount-label = Senden Sie genau
amount-label-more = Senden Sie noch genau
address-label = An diese Adresse
network-label = Netzwerk
fee-hint = Wallet-Gebühren kommen hinzu.
exact-warning = Senden Sie genau { $amount }, bis auf die letzte Stelle. Ihre Zahlung wird an diesem Betrag erkannt; mit jedem anderen wird sie nicht gefunden.
network-warning = Senden Sie nur { $symbol } über { $network }. Alles andere kann verloren gehen.
copy-amount = Betrag kopieren
copy-address = Adresse kopieren
copy-detail = { $detail } kopieren
copy = Kopieren
copied = Kopiert
open-wallet = In Wallet öffnen
qr-label = QR-Code für Ihre Wallet
received-so-far = Bisher eingegangen
connection-lost = Keine Verbindung. Sobald sie wieder steht, aktualisiert sich diese Seite von selbst.

## While it is confirmed

confirming-title = Zahlung erkannt
confirming-text = Das Netzwerk bestätigt die Zahlung. Sie müssen nichts weiter senden.
unmined-text = Die Zahlung ist unterwegs und wartet auf ihren ersten Block. Sie müssen nichts weiter senden.
unmined-close = Sie können diese Seite schließen; wir behalten die Zahlung im Blick.
confirmations = { $count } von { $required } { $required ->
    [one] Bestätigung
   *[other] Bestätigungen
}
confirming-wait = { $minutes ->
    [0] Meist innerhalb einer Minute abgeschlossen.
    [one] Meist innerhalb einer Minute abgeschlossen.
   *[other] Meist innerhalb von { $minutes } Minuten abgeschlossen.
}
confirming-close = Sie können diese Seite schließen; Ihre Zahlung ist sicher.

## How it ended

paid-title = Zahlung erfolgreich
paid-text = Vielen Dank. { $shop } hat Ihre Zahlung erhalten.
overpaid-remark = Sie haben { $excess } mehr gesendet als nötig. Wenden Sie sich für eine Rückzahlung an { $shop }.
closing-title = Die Zeit ist abgelaufen
closing-text = Bitte zahlen Sie jetzt nicht mehr. Falls Sie bereits gezahlt haben, wird nach Ihrer Zahlung gesucht; das Ergebnis erscheint auf dieser Seite.
underpaid-title = Der Betrag ist nicht rechtzeitig vollständig eingegangen
underpaid-text = Bis zum Ablauf der Zeit sind { $received } von { $due } eingegangen.
underpaid-remark = Bitte senden Sie jetzt nichts mehr. Wenden Sie sich an { $shop }: Dort kann man Ihre Bestellung abschließen oder Ihnen das Gesendete zurückzahlen.
expired-title = Diese Zahlung ist abgelaufen
expired-text = Die Zeit zum Bezahlen ist vorbei. Bitte senden Sie nichts mehr an diese Adresse.
expired-remark = Falls Sie kurz vor Ablauf der Zeit gezahlt haben, wird Ihre Zahlung noch gefunden und diese Seite aktualisiert sich von selbst. Falls Sie später gezahlt haben, wenden Sie sich an { $shop } und nennen Sie Ihre Transaktion.
cancelled-title = Diese Zahlung wurde storniert
cancelled-text = { $shop } hat diese Zahlung storniert. Bitte senden Sie nichts an diese Adresse.
cancelled-unasked-text = { $shop } hat diese Zahlung storniert. Es ist nichts zu zahlen.
cancelled-remark = Falls Sie bereits Geld gesendet haben, wenden Sie sich an { $shop } und nennen Sie die unten stehende Zahlungsnummer.
failed-title = Diese Zahlung konnte nicht abgeschlossen werden
failed-text = Bitte senden Sie nichts mehr. Wenden Sie sich an { $shop } und nennen Sie die unten stehende Zahlungsnummer.
preparing-title = Einen Moment
preparing-text = Ihre Zahlung wird vorbereitet. Lassen Sie diese Seite geöffnet: Sie aktualisiert sich von selbst.
queued-title = Bitte haben Sie einen Moment Geduld
queued-text = Gerade zahlen viele Menschen gleichzeitig; bitte senden Sie noch nichts. Lassen Sie diese Seite geöffnet: Sobald Sie an der Reihe sind, steht hier, was zu zahlen ist.
never-asked-text = Sie sind nicht rechtzeitig an die Reihe gekommen, und es war nichts zu zahlen. Gehen Sie zurück zu { $shop } und versuchen Sie es noch einmal.
back-to-shop = Zurück zu { $shop }
leaving = Sie werden zu { $host } zurückgeleitet …
leaving-unless-paid = Falls Sie Geld gesendet haben, bleiben Sie auf dieser Seite. Andernfalls werden Sie zu { $host } zurückgeleitet.
stay = Auf dieser Seite bleiben
print = Beleg drucken

## Details

details = Einzelheiten
detail-number = Zahlungsnummer
detail-network = Netzwerk
detail-due = Zu zahlen
detail-received = Eingegangen
detail-rate = Kurs
rate = 1 { $symbol } = { $rate }
detail-email = E-Mail
detail-created = Erstellt
detail-confirmed = Bezahlt
detail-address = Adresse
detail-transaction = Transaktion
foot = Zahlung direkt an die Wallet des Shops
help-link = Hilfe bekommen
language-choice = Sprache

## Test payments

simulate-title = Probieren Sie aus, was passieren kann
simulate-text = Diese Schaltflächen wirken auf eine simulierte Blockchain. Bei echten Zahlungen gibt es dieses Feld nicht.
scenario-exact = Genau zahlen
scenario-under = Hälfte zahlen
scenario-over = Zu viel zahlen
scenario-late = Zu spät zahlen
scenario-twice = Zweimal zahlen
scenario-wrong-token = Mit anderem Coin zahlen
scenario-reorg = Block rückgängig machen

## Problems

not-found-title = Zahlung nicht gefunden
not-found-text = Prüfen Sie, ob Sie den vollständigen Link geöffnet haben, oder gehen Sie zurück zum Shop und beginnen Sie von vorn.
not-understood-title = Das hat nicht geklappt
not-understood-text = Gehen Sie zurück zur Zahlung und versuchen Sie es noch einmal.
unavailable-title = Zurzeit nicht verfügbar
unavailable-text = Bitte versuchen Sie es in einigen Sekunden noch einmal. Eine bereits gesendete Zahlung geht nicht verloren.
too-many-title = Bitte etwas langsamer
too-many-text = Über Ihren Internetanschluss kamen zu viele Anfragen. Bitte warten Sie einen Moment und versuchen Sie es noch einmal.
try-again = Noch einmal versuchen

## Donations

donate-amount = Betrag wählen
donate-own = Anderer
donate-own-label = Ihr Betrag
donate-pay-with = Zahlen mit
donate-name = Ihr Name
donate-message = Nachricht
donate-optional = optional
donate-button = Spenden
donate-foot = Ihre Spende geht direkt an die Wallet der Empfänger
donate-given = { $given } von { $goal }
donate-goal = Ziel: { $goal }
donate-count = { $count ->
    [one] Bisher 1 Spende
   *[other] Bisher { $count } Spenden
}
donate-error-missing = Wählen Sie einen Betrag oder geben Sie einen eigenen ein.
donate-error-amount = Geben Sie den Betrag so ein: { $example }.
donate-error-zero = Der Betrag muss größer als null sein.
donate-error-large = Dieser Betrag ist für eine einzelne Spende zu hoch. Bitte wählen Sie einen kleineren.
donate-error-currency = Wählen Sie, womit Sie zahlen möchten.
donate-error-name = Ihr Name darf höchstens { $count } Zeichen lang sein.
donate-error-message = Ihre Nachricht darf höchstens { $count } Zeichen lang sein.
donate-error-unavailable = So kann gerade nicht gezahlt werden. Bitte versuchen Sie es in einer Minute noch einmal oder zahlen Sie mit einer anderen Währung.
donate-not-found-title = Seite nicht gefunden
donate-not-found-text = Prüfen Sie, ob Sie den vollständigen Link geöffnet haben.
donate-closed-title = Zurzeit keine Spenden
donate-closed-text = Auf dieser Seite werden gerade keine Spenden angenommen. Vielen Dank, dass Sie daran gedacht haben.
donate-not-understood-text = Gehen Sie zurück zur Seite und versuchen Sie es noch einmal.
donate-unavailable-text = Bitte versuchen Sie es in einigen Sekunden noch einmal.

## The widgets: an overlay on the shop's page, and the frame in it before the payment

widget-pay-title = Mit Krypto bezahlen
widget-donate-title = Mit Krypto spenden
widget-close = Schließen
widget-loading = Wird geladen …
widget-unreachable = Das konnte nicht geladen werden. Bitte schließen Sie dieses Fenster und versuchen Sie es gleich noch einmal.
widget-starting = Ihre Zahlung wird vorbereitet …
widget-continue = Weiter zur Zahlung
widget-refused-title = Diese Zahlung kann nicht gestartet werden
widget-refused-text = Es wurde nichts abgebucht. Bitte informieren Sie den Shop.
widget-busy-text = Es wurde nichts abgebucht. Bitte schließen Sie dieses Fenster und versuchen Sie es gleich noch einmal.
widget-for-the-shop = Für den Shop:
widget-donate = Spenden
widget-donate-text = Unterstützen Sie uns mit einer Krypto-Spende
widget-dismiss = Diese Leiste ausblenden
