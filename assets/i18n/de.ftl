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
failed-title = Diese Zahlung konnte nicht abgeschlossen werden
failed-text = Bitte senden Sie nichts mehr. Wenden Sie sich an { $shop } und nennen Sie die unten stehende Zahlungsnummer.
preparing-title = Einen Moment
preparing-text = Ihre Zahlung wird vorbereitet. Lassen Sie diese Seite geöffnet: Sie aktualisiert sich von selbst.
queued-title = Bitte haben Sie einen Moment Geduld
queued-text = Gerade zahlen viele Menschen gleichzeitig; bitte senden Sie noch nichts. Lassen Sie diese Seite geöffnet: Sobald Sie an der Reihe sind, steht hier, was zu zahlen ist.
never-asked-text = Sie sind nicht rechtzeitig an die Reihe gekommen, und es war nichts zu zahlen. Gehen Sie zurück zu { $shop } und versuchen Sie es noch einmal.
back-to-shop = Zurück zu { $shop }
leaving = Sie werden zu { $host } zurückgeleitet …
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
try-again = Noch einmal versuchen
