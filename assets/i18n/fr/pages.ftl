### Français, avec vouvoiement. Espace fine insécable devant « ; ! ? », insécable devant « : ».

language-name = Français

## Numbers and dates

digit-group = { "\u202F" }
decimal-mark = ,
price-usd = { $amount } $US
price-eur = { $amount } €
price-rub = { $amount } ₽
price-cny = { $amount } CN¥
price-gbp = { $amount } £
price-jpy = { $amount } ¥
price-brl = { $amount } R$
moment = { $day ->
    [one] 1er
   *[other] { $day }
} { $month ->
    [1] janvier
    [2] février
    [3] mars
    [4] avril
    [5] mai
    [6] juin
    [7] juillet
    [8] août
    [9] septembre
    [10] octobre
    [11] novembre
   *[12] décembre
} { $year }, { $hour }:{ $minute } UTC
sentences = { $first } { $second }
announcement = { $title }. { $text }

## Head

order = Commande { $id }
price-label = Total
test-banner = Paiement de test : aucun argent réel

## Choosing the currency

select-title = Choisissez la monnaie de paiement
select-time-hint = pour choisir
select-text = Les montants suivent le marché. Le vôtre est fixé dès votre choix.
select-no-rate = Cours indisponible
select-none = Il n’y a rien à choisir pour le moment. Veuillez contacter { $shop }.
select-held = Trop de clients paient en { $symbol } sur { $network } en ce moment. Choisissez une autre monnaie ou réessayez dans quelques minutes.
select-rate-missing = Aucun cours n’est disponible en ce moment pour { $symbol } sur { $network }. Choisissez une autre monnaie ou réessayez dans quelques minutes.
select-not-offered = Ce paiement ne peut pas se faire en { $symbol } sur { $network } en ce moment. Veuillez choisir une autre monnaie.
select-unknown = Cette monnaie n’est plus proposée. Veuillez en choisir une autre.
select-busy = Le service est très sollicité en ce moment. Veuillez refaire votre choix dans quelques secondes.
select-expired-text = Le délai pour choisir est écoulé et il n’y avait rien à payer. Retournez chez { $shop } et recommencez.

## Asking for the money

waiting-title = En attente de votre paiement
part-paid-title = Paiement partiel reçu
send-more = Nous avons reçu { $received }. Envoyez encore { $remaining }.
time-left = Temps restant
time-left-hint = pour payer
amount-label = Envoyez exactement
amount-label-more = Envoyez encore exactement
address-label = À cette adresse
network-label = Réseau
fee-hint = Les frais du portefeuille s’y ajoutent.
exact-warning = Envoyez exactement { $amount }, jusqu’au dernier chiffre. Votre paiement est reconnu à ce montant ; avec tout autre montant, il ne sera pas retrouvé.
network-warning = Envoyez uniquement des { $symbol } sur { $network }. Tout autre envoi peut être perdu.
copy-amount = Copier le montant
copy-address = Copier l’adresse
copy-detail = Copier : { $detail }
copy = Copier
copied = Copié
open-wallet = Ouvrir dans le portefeuille
qr-label = Code QR pour votre portefeuille
received-so-far = Déjà reçu
connection-lost = Connexion interrompue. Cette page se mettra à jour d’elle-même.

## While it is confirmed

confirming-title = Paiement détecté
confirming-text = Le réseau est en train de le confirmer. Vous n’avez plus rien à envoyer.
unmined-text = Il est en route et attend son premier bloc. Vous n’avez plus rien à envoyer.
unmined-close = Vous pouvez fermer cette page ; nous continuons de suivre votre paiement.
confirmations = { $count ->
    [one] { $count } confirmation sur { $required }
   *[other] { $count } confirmations sur { $required }
}
confirming-wait = { $minutes ->
    [one] Généralement terminé en moins d’une minute.
   *[other] Généralement terminé en moins de { $minutes } minutes.
}
confirming-close = Vous pouvez fermer cette page ; votre paiement est en sécurité.

## How it ended

paid-title = Paiement effectué
paid-text = Merci. { $shop } a bien reçu votre paiement.
overpaid-remark = Vous avez envoyé { $excess } de trop. Contactez { $shop } pour en obtenir le remboursement.
closing-title = Le temps est écoulé
closing-text = Veuillez ne pas payer maintenant. Si vous avez déjà payé, nous recherchons votre paiement et cette page vous l’indiquera.
underpaid-title = Le montant n’est pas arrivé en entier à temps
underpaid-text = Seuls { $received } sur { $due } sont arrivés avant la fin du délai.
underpaid-remark = Veuillez ne rien envoyer de plus pour l’instant. Contactez { $shop }, qui pourra finaliser votre commande ou vous rembourser.
expired-title = Ce paiement a expiré
expired-text = Le délai de paiement est écoulé. Veuillez ne plus rien envoyer à cette adresse.
expired-remark = Si vous avez payé juste avant la fin du délai, votre paiement sera tout de même retrouvé et cette page se mettra à jour d’elle-même. Si vous avez payé plus tard, contactez { $shop } en indiquant votre transaction.
cancelled-title = Ce paiement a été annulé
cancelled-text = { $shop } a annulé ce paiement. Veuillez ne rien envoyer à cette adresse.
cancelled-unasked-text = { $shop } a annulé ce paiement. Il n’y a rien à payer.
cancelled-remark = Si vous avez déjà envoyé de l’argent, contactez { $shop } en indiquant le numéro de paiement ci-dessous.
failed-title = Ce paiement n’a pas pu aboutir
failed-text = Veuillez ne plus rien envoyer. Contactez { $shop } en indiquant le numéro de paiement ci-dessous.
preparing-title = Un instant
preparing-text = Votre paiement est en préparation. Gardez cette page ouverte : elle se mettra à jour d’elle-même.
queued-title = Un instant, s’il vous plaît
queued-text = De nombreux clients paient en ce moment ; veuillez ne rien envoyer pour l’instant. Gardez cette page ouverte : elle vous indiquera quoi payer dès que ce sera votre tour.
never-asked-text = Votre tour n’est pas venu à temps et il n’y avait rien à payer. Retournez chez { $shop } et réessayez.
back-to-shop = Retour chez { $shop }
leaving = Retour vers { $host }…
leaving-unless-paid = Si vous avez envoyé de l’argent, restez sur cette page. Sinon, vous retournerez vers { $host }.
stay = Rester sur cette page
print = Imprimer le reçu

## Details

details = Détails
detail-number = Nº de paiement
detail-network = Réseau
detail-due = Montant dû
detail-received = Reçu
detail-rate = Cours
rate = 1 { $symbol } = { $rate }
detail-email = Adresse e-mail
detail-created = Créé le
detail-confirmed = Payé le
detail-address = Adresse
detail-transaction = Transaction
foot = Paiement direct sur le portefeuille de la boutique
help-link = Obtenir de l’aide
language-choice = Langue

## Test payments

simulate-title = Essayez ce qui peut arriver
simulate-text = Ces boutons agissent sur une blockchain simulée. Un vrai paiement n’affiche pas ce panneau.
scenario-exact = Payer exactement
scenario-under = Payer la moitié
scenario-over = Payer trop
scenario-late = Payer en retard
scenario-twice = Payer deux fois
scenario-wrong-token = Payer dans une autre monnaie
scenario-reorg = Annuler le bloc

## Problems

not-found-title = Paiement introuvable
not-found-text = Vérifiez que vous avez ouvert le lien en entier, ou retournez à la boutique et recommencez.
not-understood-title = L’opération n’a pas abouti
not-understood-text = Revenez au paiement et réessayez.
unavailable-title = Momentanément indisponible
unavailable-text = Veuillez réessayer dans quelques secondes. Un paiement déjà envoyé n’est pas perdu.
too-many-title = Un peu moins vite
too-many-text = Trop de demandes sont venues de votre connexion. Veuillez patienter un peu et réessayer.
try-again = Réessayer

## Donations

donate-amount = Choisissez un montant
donate-own = Autre
donate-own-label = Votre montant
donate-pay-with = Payer avec
donate-name = Votre nom
donate-message = Votre message
donate-optional = facultatif
donate-button = Faire un don
donate-foot = Don direct sur le portefeuille du bénéficiaire
donate-given = { $given } sur { $goal }
donate-goal = Objectif : { $goal }
donate-count = { $count ->
    [one] { $count } don à ce jour
   *[other] { $count } dons à ce jour
}
donate-error-missing = Choisissez un montant ou saisissez le vôtre.
donate-error-amount = Saisissez le montant ainsi : { $example }.
donate-error-zero = Le montant doit être supérieur à zéro.
donate-error-large = Ce montant est trop élevé pour un seul don. Veuillez en choisir un plus petit.
donate-error-currency = Choisissez avec quoi payer.
donate-error-name = Votre nom peut comporter au plus { $count } caractères.
donate-error-message = Votre message peut comporter au plus { $count } caractères.
donate-error-unavailable = Ce paiement n’est pas possible en ce moment. Veuillez réessayer dans une minute ou payer avec une autre monnaie.
donate-not-found-title = Page introuvable
donate-not-found-text = Vérifiez que vous avez ouvert le lien en entier.
donate-closed-title = Pas de dons pour le moment
donate-closed-text = Cette page ne reçoit pas de dons en ce moment. Merci d’y avoir pensé.
donate-not-understood-text = Revenez à la page et réessayez.
donate-unavailable-text = Veuillez réessayer dans quelques secondes.

## The widgets: an overlay on the shop's page, and the frame in it before the payment

widget-pay-title = Payer en cryptomonnaie
widget-donate-title = Faire un don en cryptomonnaie
widget-close = Fermer
widget-loading = Chargement…
widget-unreachable = Le chargement a échoué. Fermez cette fenêtre et réessayez dans un instant.
widget-starting = Votre paiement se prépare…
widget-continue = Continuer vers le paiement
widget-refused-title = Ce paiement ne peut pas commencer
widget-refused-text = Rien n’a été débité. Veuillez prévenir la boutique.
widget-busy-text = Rien n’a été débité. Veuillez fermer cette fenêtre et réessayer dans un instant.
widget-for-the-shop = Pour la boutique :
widget-donate = Faire un don
widget-donate-text = Soutenez-nous par un don en cryptomonnaie
widget-dismiss = Masquer cette barre
