## Dashboard: the password once more

again-label = Ihr Passwort
again-hint = Wird noch einmal abgefragt, weil es hier darum geht, wohin Geld fließt.
again-missing = Geben Sie Ihr Passwort ein: Hier geht es darum, wohin Geld fließt.
again-wrong = Das ist nicht Ihr Passwort. Es wurde nichts geändert.

## Dashboard: ways to receive

way-pool = Adresspool
way-xpub = Kontoschlüssel
way-shared = Eine Adresse

## Dashboard: where a store receives

addresses-intro = Das Geld geht von Ihren Kunden direkt an diese Adressen. payd hat nie die Schlüssel dazu.
addresses-card-empty = Noch nicht eingerichtet: Über dieses Netzwerk kann nicht gezahlt werden.
addresses-held = von Zahlungen belegt
addresses-resting = in Ruhezeit
addresses-free = frei
addresses-waiting = warten auf einen Platz
addresses-total = insgesamt
addresses-amounts = Beträge für einen Preis
addresses-retired-count = stillgelegt
addresses-per-hour = Platz für etwa { $rate } Zahlungen pro Stunde, selbst wenn niemand vor Ablauf der Zeit zahlt.
addresses-low-pool = Nur noch wenige Adressen sind frei. Fügen Sie weitere hinzu, verkürzen Sie in den Shop-Einstellungen die Zahlungsfrist oder die Ruhezeit der Adressen oder verwenden Sie einen Kontoschlüssel: Dem gehen die Adressen nie aus.
addresses-low-amounts = Nur noch wenige Beträge sind frei, Zahlungen müssen also vielleicht warten. Erlauben Sie mehr Beträge oder verwenden Sie einen Kontoschlüssel oder einen Adresspool.
addresses-next-index = Die nächste Zahlung erhält Adresse Nummer { $index } des Kontos.
addresses-no-limit = Jede Zahlung erhält eine eigene Adresse: Es ist immer Platz.
addresses-unwatched = Dieses Netzwerk wird noch nicht beobachtet, deshalb kann darüber nicht gezahlt werden. Fügen Sie auf der Seite „Nodes“ oder in der Konfiguration einen Node dafür hinzu.
addresses-wallet-altered = Diese Einstellung wurde in der Datenbank geändert, und zwar nicht von payd. Niemand wird aufgefordert, dorthin zu zahlen. Finden Sie heraus, wer in die Datenbank schreiben konnte, und richten Sie sie dann neu ein.
addresses-accepted-label = Akzeptiert
addresses-changed-label = Zuletzt geändert
addresses-see = Adressen ansehen
addresses-add = Adressen hinzufügen
addresses-change-way = Empfangsart ändern
addresses-others-title = Netzwerke ohne Node
addresses-simulated-title = Simulierte Netzwerke
addresses-simulated-text = Testzahlungen laufen über simulierte Netzwerke in payd, die ihre Adressen selbst erzeugen. Sie müssen nichts einrichten, und echtes Geld kann dorthin nicht gesendet werden.
addresses-all-networks = Alle Netzwerke
addresses-way-label = Empfangsart
addresses-pool-text = Jede offene Zahlung hat eine Adresse aus Ihrer Liste für sich allein. Nach der Zahlung ruht die Adresse und wird dann wieder verwendet.
addresses-xpub-text = Jede Zahlung erhält eine frische Adresse Ihrer Wallet, abgeleitet aus dem öffentlichen Schlüssel des Kontos. payd sieht, was eingeht, und kann nichts ausgeben.
addresses-shared-text = Alle Zahlungen gehen an eine Adresse. Beträge, die sich um höchstens einen Cent unterscheiden, zeigen, von wem das Geld ist: für Wallets und Börsen, bei denen Sie nur eine Adresse bekommen. Ihre Kunden müssen den Betrag genau zahlen.
addresses-unpaid = Auf den letzten { $count } ist bisher nichts eingegangen.
addresses-gap = Bis zu { $gap } Adressen hintereinander haben nichts erhalten, und Wallets hören meist nach 20 auf zu suchen. Stellen Sie das Gap-Limit Ihrer Wallet auf { $limit } oder mehr, sonst zeigt sie nicht Ihr ganzes Geld (Electrum: wallet.change_gap_limit({ $limit }) in der Konsole; Sparrow: Settings, Advanced, Gap limit).
addresses-next-children = Die nächsten Adressen
addresses-plan-label = Wie viele Zahlungen pro Stunde erwarten Sie höchstens?
addresses-plan-ask = Reicht der Platz?
addresses-plan-enough = Der Platz reicht dafür.
addresses-plan-missing = Fügen Sie dafür { $count } hinzu oder verkürzen Sie die Zahlungsfrist oder die Ruhezeit der Adressen.
addresses-plan-too-many = Dafür wären mehr Adressen nötig, als praktikabel ist. Verwenden Sie einen Kontoschlüssel.
addresses-list-title = Adressen
addresses-list-empty = Noch keine Adressen.
addresses-export = CSV exportieren
addresses-address-label = Adresse
addresses-state-label = Zustand
addresses-used-label = Zuletzt verwendet
addresses-received-label = Eingegangen
addresses-proof-label = Nachweis
addresses-never = Nie
addresses-nothing-yet = Noch nichts
addresses-and-more = und mehr
addresses-proved-word = Nachgewiesen
addresses-not-proved = Nicht nachgewiesen
addresses-pages = Seiten der Liste
addresses-latest = Neueste
addresses-earlier = Frühere

## Dashboard: what an address is doing

addresses-state-altered = Verändert: wird nie vergeben
addresses-state-held = Von einer Zahlung belegt
addresses-state-retired-held = Wird nach ihrer Zahlung stillgelegt
addresses-state-shared = Von allen Zahlungen gemeinsam genutzt
addresses-state-was-shared = War gemeinsam genutzt; wird weiter beobachtet
addresses-state-used = Einmal verwendet
addresses-state-retired = Stillgelegt; wird weiter beobachtet
addresses-state-resting = Ruht bis { $until }
addresses-state-free = Frei

## Dashboard: adding addresses

addresses-add-title = Adressen hinzufügen: { $network }
addresses-list-label = Adressen
addresses-list-hint = Ihre eigenen { $network }-Adressen, eine pro Zeile. Dahinter kann nach einem Komma eine Signatur stehen, die die Adresse nachweist. Fügen Sie niemals einen privaten Schlüssel oder eine Wiederherstellungsphrase ein.
addresses-file-label = Oder aus einer Datei übernehmen
addresses-cancel = Abbrechen
addresses-only-good = Nur die brauchbaren hinzufügen ({ $count })
addresses-findings = Brauchbar: { $good }, nicht brauchbar: { $bad }.
addresses-findings-hidden = Weitere, hier nicht angezeigte Zeilen: { $count }.
addresses-none-given = Fügen Sie mindestens eine Adresse ein.
addresses-lines-wrong = Es wurde nichts hinzugefügt, weil einige Zeilen falsch sind: siehe unten.
addresses-added = Die Adressen wurden hinzugefügt. Neue Zahlungen können sie ab sofort erhalten.
addresses-secret = Das ist ein privater Schlüssel oder eine Wiederherstellungsphrase. Fügen Sie so etwas nirgends ein, auch nicht hier: Wer es hat, kann das ganze Geld nehmen. payd hat nichts davon behalten, vielleicht aber Ihre Zwischenablage, Ihr Browser oder jemand hinter Ihnen. Betrachten Sie es als verbrannt: Übertragen Sie das Geld auf eine neue Wallet.
addresses-is-account = Das ist ein Kontoschlüssel, keine Adresse. Um damit zu empfangen, wählen Sie „Empfangsart ändern“.
addresses-is-address = Das ist eine einzelne Adresse, kein Kontoschlüssel. Fügen Sie sie dem Pool hinzu oder tragen Sie sie unten als die eine Adresse ein.
addresses-same = Dieselbe Adresse wie in Zeile { $line }.
addresses-of-store = Diese Adresse hat der Shop „{ $store }“. Eine Adresse gehört zu genau einem Shop.
addresses-of-another-way = Dieser Shop empfängt hier schon, auf andere Art: { $way }.
addresses-known = Diese Adresse ist schon im Pool.
addresses-altered-row = Der Eintrag dieser Adresse wurde in der Datenbank geändert, und zwar nicht von payd. Sie wird nie vergeben. Verwenden Sie sie nicht und finden Sie heraus, wer in die Datenbank schreiben konnte.
addresses-wrong-network = Das ist eine Adresse von { $found }; Sie fügen Adressen für { $wanted } hinzu.
addresses-checksum = Da ist ein Tippfehler: Die Prüfsumme stimmt nicht. Kopieren Sie die Adresse noch einmal.
addresses-null = Geld, das an die Nulladresse gesendet wird, ist verloren.
addresses-mweb = MWEB-Adressen lassen sich nicht beobachten. Verwenden Sie eine, die mit ltc1, L oder M beginnt.
addresses-malformed = Das ist keine Adresse. Erwartet wird eine Adresse von { $wanted }.
addresses-signature-malformed = In dieser Form schreibt keine Wallet dieses Netzwerks eine Signatur. Kopieren Sie sie vollständig.
addresses-signature-mismatch = Die Signatur wurde nicht mit dem Schlüssel dieser Adresse über genau diesen Text erstellt. Kopieren Sie den Text so, wie er dasteht, und signieren Sie mit der Adresse selbst.
addresses-signature-high = Die zweite Hälfte dieser Signatur ist zu hoch; so schreibt sie keine Wallet. Signieren Sie noch einmal.
addresses-signature-old-tron = Das wurde auf die alte Art von TRON signiert. Signieren Sie mit signMessageV2.
addresses-signature-unsupported = Bei einer Adresse dieser Art liest payd nur BIP-322-Signaturen.

## Dashboard: the way to receive, set

addresses-way-title = Empfangsart: { $network }
addresses-way-now = Jetzt
addresses-way-keeps = Womit der Shop bisher empfangen hat, wird weiter beobachtet, und offene Zahlungen laufen weiter.
addresses-way-before = Früher verwendet
addresses-way-missing = Wählen Sie eine Empfangsart.
addresses-account-label = Kontoschlüssel
addresses-account-hint = Der öffentliche Schlüssel des Kontos (xpub, zpub, Ltub…) oder sein Deskriptor, wie Ihre Wallet ihn anzeigt. Niemals ein privater Schlüssel (xprv…) oder eine Wiederherstellungsphrase.
addresses-next-index-label = Weiter mit Adresse Nummer (optional)
addresses-next-index-hint = Falls die Wallet schon Adressen des Kontos vergeben hat. Bleibt das Feld leer, macht payd nach der letzten selbst vergebenen weiter.
addresses-look-account = Adressen ansehen
addresses-look-shared = Ansehen
addresses-look-pool = Aus dem Pool empfangen
addresses-slots-label = Beträge nebeneinander (optional)
addresses-slots-hint = Wie viele Zahlungen mit demselben Preis gleichzeitig offen sein dürfen. Üblich sind 99.
addresses-digits-label = Schritte zwischen Beträgen in Stablecoins
addresses-digits-usual = Wie üblich
addresses-not-a-number = Diese Zahl ist hier nicht möglich.
addresses-sure-title = Wohin das Geld fließt: { $network }
addresses-sure-before = Bisher
addresses-sure-after = Ab jetzt
addresses-fingerprint-label = Fingerabdruck
addresses-compare-title = Vergleichen Sie zuerst diese
addresses-compare-text = Das sind die ersten Empfangsadressen des Kontos. Sie müssen mit denen in Ihrer Wallet übereinstimmen, in derselben Reihenfolge. Wenn nicht, hören Sie hier auf: Das Geld ginge woandershin.
addresses-sure-do = Ab jetzt hier empfangen
addresses-way-set = Gespeichert. Neue Zahlungen werden ab jetzt dort empfangen.
addresses-way-set-empty = Gespeichert, aber der Pool ist leer: Fügen Sie Adressen hinzu, sonst kann nicht gezahlt werden.
addresses-way-same = Es wurde nichts geändert: Der Shop empfängt dort bereits.
addresses-account-of-store = Der Shop „{ $store }“ empfängt mit diesem Konto. Geben Sie jedem Shop ein eigenes Konto.
addresses-given-out = Einige dieser Adressen wurden schon vergeben. Die nächste muss Nummer { $next } oder höher sein.
addresses-shared-known = Dieser Shop hat die Adresse schon für einzelne Zahlungen vergeben, das Geld dafür ließe sich nicht auseinanderhalten. Nehmen Sie eine Adresse, die payd noch nicht kennt.
addresses-slot-count = Nebeneinander sind 1 bis 9999 Beträge möglich.
addresses-slot-digits = { $symbol } hat { $decimals } Nachkommastellen; kleiner können die Unterschiede nicht sein.
addresses-account-checksum = Im Schlüssel ist ein Tippfehler: Die Prüfsumme stimmt nicht. Kopieren Sie ihn noch einmal, und zwar vollständig.
addresses-account-wrong-network = { $key }-Schlüssel gehören zu { $found }; dieses Netzwerk ist { $wanted }.
addresses-account-prefix = Der Anfang dieses Schlüssels ist unbekannt. Bekannt sind xpub, ypub, zpub, tpub, upub, vpub, Ltub, Mtub und ttub.
addresses-account-multisig = Dieser Schlüssel ist einer von mehreren einer Wallet. Geben Sie den ganzen Deskriptor der Wallet an: wsh(sortedmulti(…)).
addresses-account-depth = Dieser Schlüssel liegt { $depth } Stufen unter seinem Hauptschlüssel und ist damit kein Konto. Schreiben Sie den Pfad zu den Adressen dahinter, zum Beispiel { $example }.
addresses-account-change = Das ist der Schlüssel für Wechselgeld. Geben Sie den Schlüssel des Kontos an.
addresses-account-hardened = Der Pfad hinter dem Schlüssel enthält gehärtete Stufen, für die der private Schlüssel nötig ist. Geben Sie den öffentlichen Schlüssel darunter an.
addresses-account-wildcard = Das steht nur für eine einzige Adresse. Eine Empfangskette endet auf /0/*.
addresses-account-unpayable = Dieser Deskriptor hat keine Adresse, an die sicher gezahlt werden kann.
addresses-account-nonsense = Das ist kein Kontoschlüssel. Erwartet wird ein erweiterter öffentlicher Schlüssel (xpub…, zpub…, Ltub…) oder ein Output-Deskriptor.
addresses-account-no-descriptors = Deskriptoren gibt es nur für Bitcoin und Verwandte. Geben Sie hier den xpub des Kontos an.
addresses-account-index = Das Konto endet vor dieser Nummer.

## Dashboard: one address

addresses-one-title = Adresse
addresses-copy = Kopieren
addresses-child = Nummer { $index } ihres Kontos
addresses-payment-label = Zahlung
addresses-created-label = Hinzugefügt
addresses-retired-label = Stillgelegt
addresses-prove-title = Nachweisen, dass sie Ihnen gehört
addresses-prove-text = Signieren Sie diesen Text mit der Wallet, die die Adresse hat. Das zeigt, dass der Schlüssel in Ihrer Hand ist, und bewegt kein Geld.
addresses-sign-with-bitcoin = Verwenden Sie „Nachricht signieren“ (Sign message) in Ihrer Wallet, bei der Adresse selbst.
addresses-sign-with-evm = Verwenden Sie „Nachricht signieren“ (personal_sign) in Ihrer Wallet, mit dem Konto selbst.
addresses-sign-with-tron = Verwenden Sie „Nachricht signieren“ (signMessageV2) in Ihrer Wallet, mit dem Konto selbst.
addresses-signature-label = Signatur
addresses-prove-do = Signatur prüfen
addresses-proved = Die Signatur stimmt: Die Adresse gehört nachweislich Ihnen.
addresses-retire-title = Adresse stilllegen
addresses-retire-text = Keine neue Zahlung erhält sie mehr. Sie wird weiter beobachtet, Geld, das noch eingeht, wird also erfasst. Sie können sie reaktivieren.
addresses-retire-held-text = Sie bleibt bei ihrer Zahlung, bis diese endet; danach erhält keine neue Zahlung sie mehr. Sie wird weiter beobachtet, und Sie können sie reaktivieren.
addresses-retire-do = Stilllegen
addresses-retired = Die Adresse ist stillgelegt: Keine neue Zahlung erhält sie. Geld, das noch eingeht, wird erfasst.
addresses-retired-held = Die Adresse bleibt bei ihrer Zahlung, bis diese endet; danach erhält keine neue Zahlung sie mehr.
addresses-restore-title = Adresse reaktivieren
addresses-restore-text = Neue Zahlungen können sie wieder erhalten.
addresses-restore-do = Reaktivieren
addresses-restored = Die Adresse ist wieder da: Neue Zahlungen können sie erhalten.
