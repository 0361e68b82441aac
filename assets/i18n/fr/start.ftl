## Dashboard: the first run

start-step-owner = Vous
start-step-store = Boutique
start-step-coins = Monnaies
start-step-addresses = Adresses
start-step-webhook = Webhook
start-step-test = Test
start-steps = Étapes
start-title-owner = Configurer payd
start-title-store = Votre boutique
start-title-coins = En quoi voulez-vous être payé ?
start-title-addresses = Où va votre argent ?
start-title-webhook = Qui est informé des paiements ?
start-title-test = Essayez
start-next = Continuer
start-skip = Pas maintenant

start-owner-text = Ce payd appartient à qui remplit cette page. Choisissez comment vous vous connecterez désormais.
start-owner-password-hint = Au moins dix caractères. Quelques mots dont vous vous souvenez valent mieux qu’un seul avec des signes.

user-name-mistake = Un nom d’utilisateur a de 1 à 64 lettres, chiffres et . - _ @, et commence par une lettre ou un chiffre.
password-short = Un mot de passe a au moins { $least } caractères.
password-long = Ce mot de passe est trop long.
password-plain = Ce mot de passe est parmi les premiers que l’on devinerait. Prenez plusieurs mots, ou laissez un gestionnaire de mots de passe en créer un.

start-store-name-label = Nom de la boutique
start-store-name-hint = Les clients le voient sur la page de paiement.
start-store-name-mistake = Un nom a de 1 à 64 caractères, sans retour à la ligne, et ne commence pas par un tiret.
start-store-name-taken = Une boutique porte déjà ce nom.
start-fiat-label = Votre devise
start-api-label = Quelle passerelle votre boutique utilise-t-elle aujourd’hui ?
start-api-payhook = PayHook, ou encore aucune
start-api-soko = soko
start-api-crypto-pay = Crypto Pay (demande le site web ci-dessous)
start-api-usdt-payments = USDT Payments
start-api-cryptopayment = CryptoPayment
start-website-label = Site web de la boutique (facultatif)
start-website-mistake = Écrivez-le ainsi : { "https://shop.example" }. Crypto Pay ne peut s’en passer.
start-website-taken = Une autre boutique a déjà ce site web.

start-coins-text = Choisissez les réseaux sur lesquels vos clients peuvent payer. payd les surveille par des nœuds publics, sans compte nulle part.
start-coins-fixed = défini dans le fichier de configuration
start-coins-refused = L’activation a échoué : { $reason }
start-coins-remark = Vos propres nœuds et d’autres réseaux pourront être ajoutés plus tard sous « Nœuds ».

start-addresses-text = Collez où vous voulez être payé : une ou plusieurs de vos adresses, une par ligne, ou la clé publique d’un compte (xpub, ypub, zpub), dont payd tire une nouvelle adresse pour chaque paiement.
start-addresses-warning = Ne collez jamais de phrase de récupération ni de clé privée, ni ici ni ailleurs. payd n’en a pas besoin et n’en accepte pas.
start-addresses-none = Vous n’avez choisi aucun réseau. Cela convient pour un test ; des adresses peuvent être ajoutées à tout moment.
start-addresses-file = Ou depuis un fichier :
start-address-good = Valable : { $found }
start-addresses-good = { $count ->
    [one] { $count } ligne valable
   *[other] { $count } lignes valables
}
start-account-good = un compte ; sa première adresse est { $address }. Comparez-la avec votre portefeuille.
start-secret = Ceci permet de dépenser de l’argent ! Qui l’a vu peut prendre tout ce qui s’y trouve. Transférez cet argent vers un nouveau portefeuille, et ne collez plus jamais de tels mots. Rien n’a été gardé.
start-other-network = Cette adresse appartient au réseau { $found }. Ici, il en faut une du réseau { $wanted }.
start-bad-address = Impossible de recevoir avec ceci : { $reason }
start-no-address = Ceci n’est ni une adresse { $wanted }, ni la clé publique d’un compte.

start-webhook-text = payd annonce chaque paiement au serveur de votre boutique par un envoi signé à cette URL. Elle est essayée aussitôt.
start-webhook-label = URL (facultatif)
start-webhook-hint = Cette machine et votre réseau local conviennent aussi.
start-webhook-try = Continuer et l’essayer
start-webhook-refused = Cette URL ne peut pas être utilisée : { $reason }
start-webhook-secret = Secret du webhook
start-webhook-arrived = Le test est arrivé.
start-webhook-not-arrived = Le test n’est pas arrivé ; payd réessaiera les vrais envois encore et encore.
start-webhook-replied = La réponse était HTTP { $status }.
start-webhook-slow = Aucune réponse n’est venue à temps.
start-keys-text = Voici les clés de votre boutique. Copiez-les maintenant dans les réglages de votre boutique : elles ne sont affichées que cette fois.
start-base-url = Adresse de l’API de payd
start-key-test = Clé de test
start-secret-test = Secret de test
start-key-live = Clé réelle
start-secret-live = Secret réel
start-copy = Copier

start-test-text = Créez un paiement de test. Il vit sur une chaîne simulée dans payd : aucun argent ne bouge.
start-test-order = Commande de test
start-test-make = Créer le paiement de test
start-test-look = Le voir comme votre client
start-test-pay = Le payer en argent simulé
start-test-seen = Détecté. En attente de confirmations…
start-test-paid = Payé
start-done-text = C’est tout. Les paiements que votre boutique crée désormais apparaissent dans votre vue d’ensemble.
start-done = Aller à la vue d’ensemble
