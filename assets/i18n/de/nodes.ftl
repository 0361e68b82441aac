## Dashboard: networks and their nodes

nodes-intro = payd liest jedes Netzwerk über Nodes, die andere betreiben, oder über Ihre eigenen. Fällt einer aus, fragt payd den nächsten.
nodes-refresh = Aktualisieren
nodes-none = Noch ist kein Netzwerk eingeschaltet, deshalb gehen nur Testzahlungen. Schalten Sie die Netzwerke ein, über die Ihre Kunden zahlen.
nodes-as-of = Stand
nodes-failure = Die letzte Änderung der Netzwerke ist nicht in Kraft:
nodes-error = Das Netzwerk kann zurzeit nicht gelesen werden. payd versucht es von selbst wieder; nichts Bezahltes geht verloren, und keine Zahlung läuft ab, bevor das Netzwerk gelesen wurde.
nodes-alarm = Das sollte sich ein Mensch ansehen:
nodes-state-well = Auf dem neuesten Stand
nodes-state-behind = Holt auf
nodes-state-failing = Nicht erreicht
nodes-state-starting = Startet
nodes-theirs = In der Konfigurationsdatei eingestellt
nodes-off-theirs = In der Konfigurationsdatei ausgeschaltet
nodes-change = Ändern
nodes-switch-on = Einschalten
nodes-switch-off = Ausschalten
nodes-back = Zurück
nodes-tip = Neuester Block
nodes-cursor = Gelesen bis
nodes-behind = Rückstand
nodes-behind-none = kein Block
nodes-behind-some =
    { $blocks ->
        [one] { $blocks } Block, etwa { $span }
       *[other] { $blocks } Blöcke, etwa { $span }
    }
nodes-read = Zuletzt gelesen
nodes-open = Offene Zahlungen
nodes-off = Nicht eingeschaltet
nodes-providers-of = Nodes von { $network }
nodes-provider = Node
nodes-provider-state = Zustand
nodes-provider-well = Antwortet
nodes-provider-throttled = Zu oft gefragt
nodes-provider-resting = In Ruhe gelassen
nodes-provider-unasked = Noch nicht gefragt
nodes-latency = Antwortet in
nodes-lag-label = Rückstand
nodes-lag =
    { $blocks ->
        [one] { $blocks } Block
       *[other] { $blocks } Blöcke
    }
nodes-errors = Fehlgeschlagen
nodes-calls = Anfragen heute
nodes-budget = Restkontingent
nodes-last-error = Letzter Fehler
nodes-rests = Wieder gefragt in { $span }: { $reason }
nodes-percent = { $percent } %
nodes-milliseconds = { $ms } ms
nodes-span-seconds = { $count } s
nodes-span-minutes = { $count } min
nodes-span-hours = { $count } h
nodes-span-days =
    { $count ->
        [one] { $count } Tag
       *[other] { $count } Tage
    }

## Dashboard: switching networks on and off

nodes-on-title = { $network } einschalten
nodes-change-title = { $network } ändern
nodes-choose = Zu fragende Nodes
nodes-choose-hint = Nehmen Sie zwei oder mehr von verschiedenen Betreibern: Eine Zahlung zählt, wenn zwei davon übereinstimmen. Öffentliche Nodes kommen und gehen.
nodes-own = Eigene Nodes
nodes-own-hint = Ihr eigener Node oder einer, für den Sie einen Schlüssel haben. Schlüssel in Adressen bleiben auf diesem Rechner und werden nicht noch einmal angezeigt.
nodes-url-label = Adresse { $number }
nodes-kind-label = Art { $number }
nodes-kind-by-url = An der Adresse erkannt
nodes-header-label = Schlüssel-Header { $number } (falls Ihr Anbieter einen verlangt)
nodes-header-example = tron-pro-api-key: …
nodes-tokens = Token
nodes-tokens-hint = Geld in einem nicht angekreuzten Token wird nicht erkannt.
nodes-confirmations = Bestätigungen
nodes-confirmations-hint = Blöcke, bis eine Zahlung zählt: eine Zahl von 1 bis { $limit } oder Stufen nach dem Wert der Zahlung in Dollar, zum Beispiel 0=1,100=2,1000=3. Mehr ist langsamer und sicherer.
nodes-confirmations-wrong = Schreiben Sie eine Zahl von 1 bis { $limit } oder Stufen wie 0=1,100=2,1000=3, die bei 0 beginnen und steigen.
nodes-anyway = Diese Nodes verwenden, obwohl nicht alle gut geantwortet haben
nodes-save-hint = payd startet sich dafür neu, was einige Sekunden dauert. Zahlungen laufen weiter.
nodes-save = Speichern
nodes-test = Nodes testen
nodes-no-providers = Kreuzen Sie einen Node an oder geben Sie die Adresse eines eigenen ein.
nodes-not-good = Nicht alle diese Nodes sind brauchbar: Sehen Sie, was gefunden wurde. Es wurde nichts geändert.
nodes-refused = Das wird nicht angenommen: { $reason }
nodes-probe-good = Funktioniert: Er hat in { $ms } ms geantwortet und ist bei Block { $height }.
nodes-probe-fault = Nicht brauchbar: { $reason }
nodes-probe-other = Dieser Node bedient { $served }, nicht { $network }. Nehmen Sie die Adresse eines Nodes von { $network }.
nodes-off-title = { $network } ausschalten?
nodes-off-text = payd liest { $network } nicht mehr: Darüber können keine neuen Zahlungen erstellt werden, und Geld, das dort eingeht, wird erst wieder erkannt, wenn es eingeschaltet ist. Was bezahlt wurde, bleibt verbucht.
nodes-off-open =
    { $count ->
        [one] { $count } Zahlung darüber wartet noch auf Geld oder Bestätigungen. Sie würde warten, bis das Netzwerk wieder eingeschaltet ist.
       *[other] { $count } Zahlungen darüber warten noch auf Geld oder Bestätigungen. Sie würden warten, bis das Netzwerk wieder eingeschaltet ist.
    }
nodes-applying-title = Netzwerke werden geändert
nodes-applying-text = payd startet sich mit den neuen Netzwerken neu. Diese Seite geht in einigen Sekunden von selbst weiter.
nodes-applying-look = Jetzt nachsehen
nodes-done-changed = Die Netzwerke sind geändert.
nodes-done-refused = Die Änderung konnte nicht in Kraft treten; payd macht weiter wie bisher.
