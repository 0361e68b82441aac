## Dashboard: a store’s overview

overview-modes = Argent réel ou paiements de test
overview-live = Réel
overview-test = Test
overview-new = Nouveau paiement
overview-test-shown = Vous voyez les paiements de test. Aucun argent réel n’entre dans ces chiffres.
overview-figures = Ventes
overview-today = Aujourd’hui
overview-month = 30 derniers jours
overview-month-count = Payés en 30 jours
overview-paid-payments = { $count ->
    [one] { $shown } paiement
   *[other] { $shown } paiements
}
overview-change-more = { $percent } % de plus que les 30 jours précédents
overview-change-less = { $percent } % de moins que les 30 jours précédents
overview-change-none = Comme les 30 jours précédents
overview-no-change = Rien les 30 jours précédents
overview-paid-percent = { $percent } % des paiements terminés ont été payés
overview-utc = Les jours commencent à minuit UTC
overview-days-title = Ventes par jour
overview-days-desc = Une barre pour chacun des 30 derniers jours. Au total { $sum } ; le meilleur jour { $top }. Le tableau ci-dessous dit la même chose.
overview-days-none = Aucune vente ces 30 derniers jours.
overview-days-table = Afficher en tableau
overview-day = { $day } { $month ->
    [1] janv.
    [2] févr.
    [3] mars
    [4] avr.
    [5] mai
    [6] juin
    [7] juil.
    [8] août
    [9] sept.
    [10] oct.
    [11] nov.
   *[12] déc.
}
overview-day-label = Jour
overview-count-label = Paiements
overview-sum-label = Somme
overview-mixed = Les prix sont dans plusieurs devises : les sommes sont en dollars américains, à la valeur des paiements lors de leur création.
overview-unvalued = { $count ->
    [one] { $count } paiement n’est dans aucune somme, sa valeur étant inconnue.
   *[other] { $count } paiements ne sont dans aucune somme, leur valeur étant inconnue.
}
overview-assets-title = Par monnaie
overview-assets-none = Rien n’a été payé ces 30 derniers jours.
overview-asset-sold = { $count ->
    [one] { $sum } · { $shown } paiement
   *[other] { $sum } · { $shown } paiements
}
overview-funnel-title = Ce que sont devenus les paiements
overview-funnel-made = Créés
overview-funnel-seen = Argent détecté
overview-funnel-paid = Payés
overview-funnel-underpaid = Payés en partie
overview-funnel-expired = Expirés
overview-funnel-cancelled = Annulés
overview-funnel-open = Encore ouverts
overview-latest-title = Derniers paiements
overview-latest-all = Tous les paiements
overview-latest-none = Pas encore de paiements.
overview-payment-label = Paiement
overview-status-label = Statut
overview-asset-label = Payé en
overview-made-label = Créé
overview-price-label = Prix

## Dashboard: what of a store needs attention

overview-attention-title = À vérifier
overview-disabled = Cette boutique est désactivée : elle n’accepte aucun nouveau paiement.
overview-test-mode = Cette boutique est en mode test : ses clés réelles sont refusées.
overview-not-recording-full = Rien ne peut être enregistré : le disque est plein. Libérez de la place ; payd reprend de lui-même.
overview-not-recording-read-only = Rien ne peut être enregistré : la base de données n’est pas accessible en écriture. Vérifiez les droits ; payd reprend de lui-même.
overview-not-recording-failing = Rien ne peut être enregistré : le disque refuse les écritures. Vérifiez s’il est défaillant ou plein ; payd reprend de lui-même.
overview-not-recording-damaged = Plus rien n’est enregistré : le fichier de la base de données est endommagé. Arrêtez payd et restaurez la dernière sauvegarde.
overview-no-network = payd n’a aucun nœud pour voir l’argent réel : seuls les paiements de test fonctionnent.
overview-no-address = Il n’y a pas d’adresse pour recevoir de l’argent réel.
overview-inbox = { $count ->
    [one] { $count } transfert n’a compté pour aucun paiement.
   *[other] { $count } transferts n’ont compté pour aucun paiement.
}
overview-inbox-many = { $count } transferts ou plus n’ont compté pour aucun paiement.
overview-low-pool = { $free ->
    [0] Il ne reste aucune adresse libre sur { $network } : les nouveaux paiements y sont refusés.
    [one] Il reste { $free } adresse libre sur { $network }.
   *[other] Il reste { $free } adresses libres sur { $network }.
}
overview-unread = { $network } ne peut pas être lu : les paiements n’y sont pas vus.
overview-unread-since = { $network } n’a pas été lu depuis le { $time } : les paiements n’y sont pas vus.
overview-alarm = Quelque chose est à vérifier sur { $network }.
overview-webhook-failed = { $url } n’accepte pas de webhooks : l’un d’eux a été abandonné.
overview-webhook-waits = Des webhooks vers { $url } attendent depuis un moment.
overview-no-second-factor = Vous vous connectez avec un simple mot de passe. Ajoutez une seconde étape.
overview-to-account = Votre compte
overview-steps-title = Premiers pas
overview-step-done = Fait
overview-step-test = Créez un paiement de test et regardez-le se faire payer
overview-step-address = Ajoutez vos propres adresses, ou une clé de compte
overview-step-webhook = Dites à payd où votre boutique apprend les paiements
overview-step-key = Créez une clé API réelle pour votre boutique
overview-step-backup = Sauvegardez le fichier de clé et la base de données

## Dashboard: the inbox

inbox-about = L’argent arrivé à vos adresses sans compter pour un paiement. Il est à vous dans tous les cas : dites ce qu’il en advient.
inbox-which = Quels transferts
inbox-open = À traiter
inbox-all = Tous
inbox-none = Rien à examiner : tout l’argent arrivé compte pour un paiement.
inbox-amount-label = Montant
inbox-reason-label = Pourquoi il est ici
inbox-payment-label = Paiement
inbox-when-label = Quand
inbox-worth-label = Valeur actuelle
inbox-worth-unknown = Inconnue
inbox-network-label = Réseau
inbox-address-label = Arrivé à
inbox-transaction-label = Transaction
inbox-pages = Pages de la liste
inbox-latest = Plus récents
inbox-earlier = Précédents
inbox-reason-gone = Son bloc a quitté la chaîne, et l’argent avec lui. S’il est de nouveau miné, il reviendra de lui-même.
inbox-reason-counted = Il compte pour un paiement.
inbox-reason-late = Il est arrivé après la fin du délai du paiement.
inbox-reason-wrong-asset = C’est une autre monnaie que celle demandée par le paiement.
inbox-reason-second = Le paiement était déjà payé : c’est un second paiement, ou trop d’argent.
inbox-reason-after-end = Le paiement était terminé quand il est arrivé.
inbox-reason-unmatched = Aucun paiement n’attendait à cette adresse.
inbox-handled-attached = Rattaché le { $time }
inbox-handled-dismissed = Classé le { $time }
inbox-letter-title = Transfert
inbox-attach-title = Rattacher à un paiement
inbox-attach-hint = L’argent compte alors pour le paiement comme s’il était arrivé à temps, et votre boutique en est informée.
inbox-proposals = Pourrait être pour
inbox-no-proposal = Aucun paiement ouvert ne demandait cette monnaie à cette adresse.
inbox-lacks = il manque { $amount }
inbox-other = Un autre paiement
inbox-other-label = Numéro de paiement ou de commande
inbox-why-label = Pourquoi (gardé dans le journal d’audit)
inbox-attach = Rattacher
inbox-attached = Le transfert compte désormais pour le paiement. Il sera validé dès qu’il aura ses confirmations.
inbox-dismiss-title = Classer
inbox-dismiss-hint = Rien n’en est fait ici : vous l’avez renvoyé, ou vous savez ce que c’est.
inbox-dismiss = Classer
inbox-dismissed = Le transfert a quitté la boîte de réception. Vous le trouverez sous « Tous ».
inbox-mistake-reason = Dites pourquoi, en 500 caractères au plus.
inbox-mistake-no-payment = Cette boutique n’a aucun paiement de ce numéro, ni pour cette commande.
inbox-mistake-counts = Ce transfert compte déjà pour { $number }.
inbox-mistake-gone = Son bloc a quitté la chaîne, et l’argent avec lui.
inbox-mistake-network = L’argent est arrivé sur { $found }, et { $number } se paie sur { $wanted }. Créez un paiement sur { $found } pour la commande et rattachez-y le transfert, ou renvoyez l’argent et classez-le ici.
inbox-mistake-currency = L’argent est en { $found }, et { $number } se paie en { $wanted }. Créez un paiement en { $found } pour la commande et rattachez-y le transfert, ou renvoyez l’argent et classez-le ici.
inbox-mistake-takes-none = { $number } n’accepte pas d’argent ({ $status }). Créez un nouveau paiement pour la commande et rattachez-y le transfert, ou renvoyez l’argent.
inbox-mistake-place = Un autre paiement attend de l’argent à l’adresse de { $number }. Rattachez le transfert quand il aura { $count } confirmations.

## Dashboard: balances

balances-about = Ce que vos paiements ont reçu depuis le début. payd ne détient pas d’argent : il est dans vos propres portefeuilles, et cette page ne sait pas ce que vous avez dépensé depuis.
balances-about-test = Ce que les paiements de test ont reçu. Rien de tout cela n’est réel.
balances-none = Rien n’a encore été reçu.
balances-csv = Télécharger en CSV
balances-worth-title = Reçu, aux cours du jour
balances-short = Sans les monnaies qui n’ont pas de cours en ce moment.
balances-asset-label = Monnaie
balances-settled-label = Reçu
balances-pending-label = En route
balances-held-label = Sur vos adresses
balances-held-hint = « Sur vos adresses » est ce qu’elles contenaient quand payd les a comparées à la chaîne pour la dernière fois.
balances-no-rate = Pas de cours
