## Dashboard: the first run

start-step-owner = Sie
start-step-store = Shop
start-step-coins = Coins
start-step-addresses = Adressen
start-step-webhook = Webhook
start-step-test = Test
start-steps = Schritte
start-title-owner = payd einrichten
start-title-store = Ihr Shop
start-title-coins = Womit möchten Sie bezahlt werden?
start-title-addresses = Wohin geht Ihr Geld?
start-title-webhook = Wer erfährt von Zahlungen?
start-title-test = Ausprobieren
start-next = Weiter
start-skip = Nicht jetzt

start-owner-text = Dieses payd gehört, wer diese Seite ausfüllt. Wählen Sie, wie Sie sich ab jetzt anmelden.
start-owner-password-hint = Mindestens zehn Zeichen. Einige Wörter, die Sie sich merken können, sind besser als eines mit Sonderzeichen.

user-name-mistake = Ein Benutzername hat 1 bis 64 Buchstaben, Ziffern und . - _ @ und beginnt mit einem Buchstaben oder einer Ziffer.
password-short = Ein Passwort hat mindestens { $least } Zeichen.
password-long = Dieses Passwort ist zu lang.
password-plain = Dieses Passwort wird mit als Erstes erraten. Nehmen Sie mehrere Wörter oder lassen Sie einen Passwortmanager eines erzeugen.

start-store-name-label = Name des Shops
start-store-name-hint = Ihre Kunden sehen ihn auf der Zahlungsseite.
start-store-name-mistake = Ein Name hat 1 bis 64 Zeichen, keine Zeilenumbrüche und beginnt nicht mit einem Bindestrich.
start-store-name-taken = Einen Shop mit diesem Namen gibt es schon.
start-fiat-label = Ihre Währung
start-api-label = Mit welchem Gateway spricht Ihr Shopsystem heute?
start-api-payhook = PayHook oder noch keines
start-api-soko = soko
start-api-crypto-pay = Crypto Pay (braucht die Website unten)
start-api-usdt-payments = USDT Payments
start-api-cryptopayment = CryptoPayment
start-website-label = Website des Shops (optional)
start-website-mistake = Schreiben Sie sie so: https://shop.example. Crypto Pay geht nicht ohne.
start-website-taken = Diese Website hat schon ein anderer Shop.

start-coins-text = Wählen Sie die Netzwerke, über die Ihre Kunden zahlen dürfen. payd beobachtet sie über öffentliche Nodes, ganz ohne Konto irgendwo.
start-coins-fixed = in der Konfigurationsdatei eingestellt
start-coins-refused = Das konnte nicht eingeschaltet werden: { $reason }
start-coins-remark = Eigene Nodes und weitere Netzwerke gibt es später unter „Nodes“.

start-addresses-text = Fügen Sie ein, wohin Sie bezahlt werden möchten: eine oder mehrere Ihrer Adressen, eine pro Zeile, oder den öffentlichen Schlüssel eines Kontos (xpub, ypub, zpub), aus dem payd für jede Zahlung eine frische Adresse ableitet.
start-addresses-warning = Fügen Sie niemals eine Wiederherstellungsphrase oder einen privaten Schlüssel ein, weder hier noch anderswo. payd braucht so etwas nicht und nimmt es nicht an.
start-addresses-none = Sie haben kein Netzwerk gewählt. Für einen Test ist das in Ordnung; Adressen können Sie jederzeit hinzufügen.
start-addresses-file = Oder aus einer Datei:
start-address-good = Gut: { $found }
start-addresses-good = { $count ->
    [one] { $count } gute Zeile
   *[other] { $count } gute Zeilen
}
start-account-good = ein Konto; seine erste Adresse ist { $address }. Vergleichen Sie sie mit Ihrer Wallet.
start-secret = Damit kann Geld ausgegeben werden! Wer es gesehen hat, kann alles nehmen, was darauf liegt. Übertragen Sie dieses Geld auf eine neue Wallet und fügen Sie so etwas nie wieder ein. Nichts wurde behalten.
start-other-network = Das ist eine Adresse von { $found }. Hier wird eine von { $wanted } gebraucht.
start-bad-address = Damit kann nicht empfangen werden: { $reason }
start-no-address = Das ist keine Adresse von { $wanted } und auch kein öffentlicher Schlüssel eines Kontos.

start-webhook-text = payd meldet dem Backend Ihres Shops jede Zahlung mit einer signierten Nachricht an diese URL. Sie wird sofort getestet.
start-webhook-label = URL (optional)
start-webhook-hint = Dieser Rechner und Ihr lokales Netz sind auch in Ordnung.
start-webhook-try = Weiter und testen
start-webhook-refused = Diese URL kann nicht verwendet werden: { $reason }
start-webhook-secret = Webhook-Geheimnis
start-webhook-arrived = Der Test ist angekommen.
start-webhook-not-arrived = Der Test ist nicht angekommen; echte sendet payd immer wieder.
start-webhook-replied = Die Antwort war HTTP { $status }.
start-webhook-slow = Es kam nicht rechtzeitig eine Antwort.
start-keys-text = Das sind die Schlüssel Ihres Shops. Kopieren Sie sie jetzt in die Einstellungen Ihres Shopsystems: Sie werden nur dieses eine Mal angezeigt.
start-base-url = Adresse der API von payd
start-key-test = Testschlüssel
start-secret-test = Testgeheimnis
start-key-live = Live-Schlüssel
start-secret-live = Live-Geheimnis
start-copy = Kopieren

start-test-text = Erstellen Sie eine Testzahlung. Sie läuft auf einer simulierten Blockchain in payd: Es wird kein Geld bewegt.
start-test-order = Testbestellung
start-test-make = Testzahlung erstellen
start-test-look = So sehen, wie Ihr Kunde es sieht
start-test-pay = Mit simuliertem Geld bezahlen
start-test-seen = Erkannt. Warten auf Bestätigungen …
start-test-paid = Bezahlt
start-done-text = Das ist alles. Zahlungen, die Ihr Shop ab jetzt erstellt, erscheinen in Ihrer Übersicht.
start-done = Zur Übersicht
