### Die Dokumentation der APIs. Was in den Beschreibungen selbst steht, ist überall Englisch.

## The documentation

docs-heading = API-Dokumentation
docs-title = { $api }-API · payd
docs-overview = Übersicht
docs-apis = Die APIs
docs-contents = Auf dieser Seite
docs-skip = Zum Inhalt springen
docs-back = Zurück zum Dashboard
docs-own = Ausgefüllt mit dem Testschlüssel von { $store }.

docs-lead-text = payd spricht fünf APIs zugleich, unter einer Adresse. Jede ist die API eines gehosteten Gateways: Spricht Ihr Shopsystem schon eine davon, ändern Sie den Hostnamen und die Schlüssel und sonst nichts. Das Geld geht von der Wallet des Kunden direkt an Ihre.
docs-pick-title = Welche API die richtige ist
docs-pick-text = Alle neu für Sie? Nehmen Sie PayHook für Preise in Dollar, soko für Preise in anderem Geld oder wenn Kunden die Währung wählen. Jeder Schlüssel kann jede API aufrufen; die eigene API eines Shops bestimmt, wie seine Webhooks aussehen.
docs-payhook-text = Ein Schlüssel in einem Header, Preise in US-Cent, jedes Netzwerk und jede Währung, die Sie nennen. Mit einem Idempotency-Key sind Wiederholungen sicher.
docs-soko-text = Signierte Aufrufe, Preise in einer Kryptowährung oder in rund vierzig Landeswährungen und eine Seite, auf der Kunden wählen, womit sie zahlen. Außerdem Kurse, Guthaben, Spenden und ein Widget.
docs-crypto-pay-text = USDT auf TRON mit einem signierten Aufruf und einem Webhook. Jedes Projekt gehört zu einer Website; neue beginnen im Testmodus.
docs-usdt-payments-text = USDT auf TRON mit einem signierten Aufruf und einem Webhook, ohne Regeln zu Websites.
docs-cryptopayment-text = Rechnungen in US-Dollar mit je eigener Adresse: Bitcoin, Litecoin, Ether und USDT. Schlüssel und Geheimnis in einem Header.
docs-price = Preis
docs-test-title = Testmodus
docs-test-text = Ein Testschlüssel berührt nie eine echte Blockchain: Seine Zahlungen laufen auf einer simulierten in payd und durch denselben Code wie echtes Geld. Erstellen Sie einen Testschlüssel und eine Zahlung und lassen Sie sie auf ihrer Zahlungsseite oder mit einem Befehl bezahlen:
docs-simulate-text = Zu wenig, zu viel, zweimal, zu spät oder von der Blockchain zurückgenommen: Das Feld auf der Zahlungsseite einer Testzahlung spielt all das durch.
docs-webhooks-title = Webhooks
docs-webhooks-text = Wenn sich eine Zahlung ändert, sendet payd eine signierte Nachricht an Ihren Server. Ein Endpunkt hat ein Format, das Inhalt, Signatur und Wiederholungen bestimmt:
docs-webhook-verify = Prüfen Sie vor allem anderen die Signatur über den unveränderten Inhalt.
docs-webhook-answer = Antworten Sie mit 2xx, sobald die Nachricht gespeichert ist; verarbeiten Sie sie danach.
docs-webhook-twice = Dieselbe Nachricht kann zweimal kommen. Handeln Sie für jede Zahlung nur einmal.
docs-webhook-mode = Achten Sie darauf, ob es ein Test ist: Liefern Sie nie Ware für eine Testzahlung.
docs-standard-text = Es gibt ein sechstes Format, standard: payds eigene Sicht auf eine Zahlung mit den Headern von Standard Webhooks, für die es in vielen Sprachen Prüfprogramme gibt.

docs-quick-title = Schnellstart
docs-key-text = Erstellen Sie einen Testschlüssel. Schlüssel und Geheimnis werden einmal angezeigt; setzen Sie sie in die Programme unten ein.
docs-site-text = Nennen Sie payd die Website des Projekts. Die Adressen in success_url und fail_url müssen auf dieser Domain liegen.
docs-endpoint-text = Nennen Sie payd die Adresse, an der Ihr Server Webhooks annimmt. Die Antwort enthält das Geheimnis, mit dem sie signiert werden.
docs-endpoint-own-text = Nennen Sie payd die Adresse, an der Ihr Server Webhooks annimmt. Sie werden mit dem API-Geheimnis des Schlüssels signiert, der die Zahlung erstellt hat.
docs-endpoint-key-text = Nennen Sie payd die Adresse, an der Ihr Server Webhooks annimmt; jeder Schlüssel kann eine eigene haben. Die Antwort enthält den APP_KEY, mit dem sie signiert werden.
docs-languages = Programmiersprache
docs-create-title = Zahlung erstellen und ihren Status lesen
docs-create-text = Das Programm gibt aus, wohin Sie Ihren Kunden schicken, und dann, wie es um die Zahlung steht.
docs-verify-title = Webhooks annehmen
docs-verify-text = Ein ganzer Server: Er lauscht auf Port 8000, lehnt ab, was nicht signiert ist, und gibt jede bezahlte Bestellung aus.
docs-verify-shell-text = Zum Ausprobieren: Es prüft einen Webhook, der in Dateien gespeichert wurde. Nehmen Sie für einen Server eine der anderen Sprachen.

docs-authentication-title = Authentifizierung
docs-public = öffentlich
docs-parameters = Parameter
docs-body = Inhalt
docs-reply = Antwort
docs-same-fields = Die Felder sind die von
docs-errors = Fehler
docs-required = erforderlich
docs-example = Beispiel:
docs-events = Ereignisse
docs-headers = Header
docs-signature = Signatur
docs-acknowledged = Bestätigung und Wiederholungen
