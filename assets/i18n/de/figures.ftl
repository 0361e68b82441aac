## Dashboard: a store’s overview

overview-modes = Echtes Geld oder Testzahlungen
overview-live = Live
overview-test = Test
overview-new = Neue Zahlung
overview-test-shown = Sie sehen Testzahlungen. In diesen Zahlen steckt kein echtes Geld.
overview-figures = Umsatz
overview-today = Heute
overview-month = Letzte 30 Tage
overview-month-count = In 30 Tagen bezahlt
overview-paid-payments = { $count ->
    [one] { $shown } Zahlung
   *[other] { $shown } Zahlungen
}
overview-change-more = { $percent } % mehr als in den 30 Tagen davor
overview-change-less = { $percent } % weniger als in den 30 Tagen davor
overview-change-none = Wie in den 30 Tagen davor
overview-no-change = Nichts in den 30 Tagen davor
overview-paid-percent = { $percent } % der abgeschlossenen wurden bezahlt
overview-utc = Tage beginnen um Mitternacht UTC
overview-days-title = Umsatz nach Tagen
overview-days-desc = Ein Balken für jeden der letzten 30 Tage. Zusammen { $sum }; der beste Tag { $top }. Die Tabelle darunter zeigt dasselbe.
overview-days-none = Kein Umsatz in den letzten 30 Tagen.
overview-days-table = Als Tabelle anzeigen
overview-day = { $day }. { $month ->
    [1] Jan.
    [2] Feb.
    [3] März
    [4] Apr.
    [5] Mai
    [6] Juni
    [7] Juli
    [8] Aug.
    [9] Sept.
    [10] Okt.
    [11] Nov.
   *[12] Dez.
}
overview-day-label = Tag
overview-count-label = Zahlungen
overview-sum-label = Summe
overview-mixed = Die Preise sind in mehreren Währungen: Summen stehen in US-Dollar, nach dem Wert der Zahlungen, als sie erstellt wurden.
overview-unvalued = { $count ->
    [one] Eine Zahlung ist in keiner Summe enthalten, weil ihr Wert nicht bekannt war.
   *[other] { $count } Zahlungen sind in keiner Summe enthalten, weil ihr Wert nicht bekannt war.
}
overview-assets-title = Nach Coin
overview-assets-none = In den letzten 30 Tagen wurde nichts bezahlt.
overview-asset-sold = { $count ->
    [one] { $sum } · { $shown } Zahlung
   *[other] { $sum } · { $shown } Zahlungen
}
overview-funnel-title = Was aus Zahlungen wurde
overview-funnel-made = Erstellt
overview-funnel-seen = Geld erkannt
overview-funnel-paid = Bezahlt
overview-funnel-underpaid = Zu wenig bezahlt
overview-funnel-expired = Abgelaufen
overview-funnel-cancelled = Storniert
overview-funnel-open = Noch offen
overview-latest-title = Neueste Zahlungen
overview-latest-all = Alle Zahlungen
overview-latest-none = Noch keine Zahlungen.
overview-payment-label = Zahlung
overview-status-label = Status
overview-asset-label = Bezahlt mit
overview-made-label = Erstellt
overview-price-label = Preis

## Dashboard: what of a store needs attention

overview-attention-title = Braucht Ihre Aufmerksamkeit
overview-disabled = Dieser Shop ist geschlossen: Er nimmt keine neuen Zahlungen an.
overview-test-mode = Dieser Shop ist im Testmodus: Seine Live-Schlüssel werden abgelehnt.
overview-not-recording-full = Es kann nichts aufgezeichnet werden: Der Datenträger ist voll. Schaffen Sie Platz; payd macht von selbst weiter.
overview-not-recording-read-only = Es kann nichts aufgezeichnet werden: Die Datenbank darf nicht beschrieben werden. Prüfen Sie die Rechte; payd macht von selbst weiter.
overview-not-recording-failing = Es kann nichts aufgezeichnet werden: Der Datenträger nimmt nichts an. Prüfen Sie, ob er defekt oder voll ist; payd macht von selbst weiter.
overview-not-recording-damaged = Es wird nichts mehr aufgezeichnet: Die Datenbankdatei ist beschädigt. Halten Sie payd an und spielen Sie die letzte Sicherung ein.
overview-no-network = payd hat keinen Node, über den es echtes Geld erkennen kann: Nur Testzahlungen funktionieren.
overview-no-address = Es gibt keine Adresse, an der echtes Geld empfangen werden kann.
overview-inbox = { $count ->
    [one] Ein Geldeingang zählt für keine Zahlung.
   *[other] { $count } Geldeingänge zählen für keine Zahlung.
}
overview-inbox-many = { $count } oder mehr Geldeingänge zählen für keine Zahlung.
overview-low-pool = { $free ->
    [0] Auf { $network } ist keine Adresse mehr frei: Neue Zahlungen dort werden abgelehnt.
    [one] Auf { $network } ist noch eine Adresse frei.
   *[other] Auf { $network } sind noch { $free } Adressen frei.
}
overview-unread = { $network } kann nicht gelesen werden: Zahlungen darüber werden nicht erkannt.
overview-unread-since = { $network } wurde seit dem { $time } nicht gelesen: Zahlungen darüber werden nicht erkannt.
overview-alarm = Bei { $network } sollten Sie nachsehen.
overview-webhook-failed = { $url } nimmt keine Webhooks an: Einer wurde aufgegeben.
overview-webhook-waits = Webhooks an { $url } warten schon eine Weile.
overview-no-second-factor = Sie melden sich nur mit einem Passwort an. Richten Sie einen zweiten Faktor ein.
overview-to-account = Ihr Konto
overview-steps-title = Erste Schritte
overview-step-done = Erledigt
overview-step-test = Testzahlung erstellen und zusehen, wie sie bezahlt wird
overview-step-address = Eigene Adressen oder einen Kontoschlüssel hinzufügen
overview-step-webhook = payd sagen, wo Ihr Shopsystem von Zahlungen erfährt
overview-step-key = Live-API-Schlüssel für Ihr Shopsystem erstellen
overview-step-backup = Schlüsseldatei und Datenbank sichern

## Dashboard: the inbox

inbox-about = Geld, das an Ihren Adressen eingegangen ist und für keine Zahlung zählt. Es gehört so oder so Ihnen: Entscheiden Sie, was daraus wird.
inbox-which = Welche Geldeingänge
inbox-open = Zu erledigen
inbox-all = Alle
inbox-none = Nichts zu tun: Alles eingegangene Geld zählt für eine Zahlung.
inbox-amount-label = Betrag
inbox-reason-label = Warum hier
inbox-payment-label = Zahlung
inbox-when-label = Wann
inbox-worth-label = Jetziger Wert
inbox-worth-unknown = Unbekannt
inbox-network-label = Netzwerk
inbox-address-label = Eingegangen an
inbox-transaction-label = Transaktion
inbox-pages = Seiten der Liste
inbox-latest = Neueste
inbox-earlier = Frühere
inbox-reason-gone = Sein Block hat die Blockchain verlassen und das Geld mit ihm. Wird es wieder in einen Block aufgenommen, kommt es von selbst zurück.
inbox-reason-counted = Es zählt für eine Zahlung.
inbox-reason-late = Es kam nach Ablauf der Zahlungsfrist.
inbox-reason-wrong-asset = Es ist ein anderer Coin als der verlangte.
inbox-reason-second = Die Zahlung war schon bezahlt: Das ist eine zweite oder zu viel.
inbox-reason-after-end = Die Zahlung war schon beendet, als es kam.
inbox-reason-unmatched = An dieser Adresse wartete keine Zahlung.
inbox-handled-attached = Zugeordnet am { $time }
inbox-handled-dismissed = Abgelegt am { $time }
inbox-letter-title = Geldeingang
inbox-attach-title = Einer Zahlung zuordnen
inbox-attach-hint = Das Geld zählt dann für die Zahlung, als wäre es rechtzeitig gekommen, und Ihr Shopsystem erfährt davon.
inbox-proposals = Könnte gehören zu
inbox-no-proposal = Keine offene Zahlung hat diesen Coin an dieser Adresse verlangt.
inbox-lacks = es fehlen { $amount }
inbox-other = Andere Zahlung
inbox-other-label = Zahlungsnummer oder Bestellung
inbox-why-label = Grund (wird im Prüfprotokoll festgehalten)
inbox-attach = Zuordnen
inbox-attached = Der Geldeingang zählt jetzt für die Zahlung. Sie ist bezahlt, sobald er seine Bestätigungen hat.
inbox-dismiss-title = Ablegen
inbox-dismiss-hint = Hier wird nichts daraus: Sie haben es zurückgesendet oder wissen, was es ist.
inbox-dismiss = Ablegen
inbox-dismissed = Der Geldeingang ist nicht mehr im Posteingang. Sie finden ihn unter „Alle“.
inbox-mistake-reason = Geben Sie einen Grund an, mit höchstens 500 Zeichen.
inbox-mistake-no-payment = Dieser Shop hat keine Zahlung mit dieser Nummer und keine zu dieser Bestellung.
inbox-mistake-counts = Dieser Geldeingang zählt schon für { $number }.
inbox-mistake-gone = Sein Block hat die Blockchain verlassen und das Geld mit ihm.
inbox-mistake-network = Das Geld kam über { $found }, und { $number } ist über { $wanted } zu zahlen. Erstellen Sie für die Bestellung eine Zahlung über { $found } und ordnen Sie es dieser zu, oder senden Sie das Geld zurück und legen Sie es hier ab.
inbox-mistake-currency = Das Geld ist { $found }, und { $number } ist in { $wanted } zu zahlen. Erstellen Sie für die Bestellung eine Zahlung in { $found } und ordnen Sie es dieser zu, oder senden Sie das Geld zurück und legen Sie es hier ab.
inbox-mistake-takes-none = { $number } nimmt kein Geld an ({ $status }). Erstellen Sie für die Bestellung eine neue Zahlung und ordnen Sie es dieser zu, oder senden Sie das Geld zurück.
inbox-mistake-place = An der Adresse von { $number } wartet eine andere Zahlung auf Geld. Ordnen Sie den Geldeingang zu, sobald er { $count } Bestätigungen hat.

## Dashboard: balances

balances-about = Was Ihre Zahlungen seit Beginn eingebracht haben. payd hält kein Geld: Es ist in Ihren eigenen Wallets, und was Sie seitdem ausgegeben haben, steht hier nicht.
balances-about-test = Was Testzahlungen eingebracht haben. Nichts davon ist echt.
balances-none = Noch nichts eingegangen.
balances-csv = CSV herunterladen
balances-worth-title = Eingegangen, zu heutigen Kursen
balances-short = Ohne die Coins, für die es gerade keinen Kurs gibt.
balances-asset-label = Coin
balances-settled-label = Eingegangen
balances-pending-label = Unterwegs
balances-held-label = Auf Ihren Adressen
balances-held-hint = „Auf Ihren Adressen“ ist, was dort lag, als payd zuletzt mit der Blockchain abgeglichen hat.
balances-no-rate = Kein Kurs
