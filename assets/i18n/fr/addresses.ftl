## Dashboard: the password once more

again-label = Votre mot de passe
again-hint = Redemandé, car ceci décide où va l’argent.
again-missing = Saisissez votre mot de passe : ceci décide où va l’argent.
again-wrong = Ce n’est pas votre mot de passe. Rien n’a été modifié.

## Dashboard: ways to receive

way-pool = Réserve d’adresses
way-xpub = Clé de compte
way-shared = Adresse unique

## Dashboard: where a store receives

addresses-intro = L’argent va directement de vos clients à ces adresses. payd n’en a jamais les clés.
addresses-card-empty = Rien n’est encore configuré : aucun paiement n’est possible sur ce réseau.
addresses-held = occupées par des paiements
addresses-resting = au repos
addresses-free = libres
addresses-waiting = en attente d’une place
addresses-total = au total
addresses-amounts = montants pour un même prix
addresses-retired-count = retirées
addresses-per-hour = De la place pour environ { $rate } paiements par heure, même si personne ne paie avant la fin du délai.
addresses-low-pool = Peu d’adresses sont libres. Ajoutez-en, raccourcissez le délai de paiement ou le repos des adresses dans les réglages de la boutique, ou utilisez une clé de compte, qui ne s’épuise jamais.
addresses-low-amounts = Peu de montants sont libres ; des paiements risquent d’attendre. Autorisez plus de montants, ou utilisez une clé de compte ou une réserve.
addresses-next-index = Le prochain paiement recevra l’adresse numéro { $index } du compte.
addresses-no-limit = Chaque paiement reçoit sa propre adresse : il y a toujours de la place.
addresses-unwatched = Ce réseau n’est pas encore surveillé ; aucun paiement n’y est possible. Ajoutez-lui un nœud sur la page « Nœuds » ou dans la configuration.
addresses-wallet-altered = Ce réglage a été modifié dans la base de données, et pas par payd. Personne n’est invité à payer à cet endroit. Cherchez qui a pu écrire dans la base, puis refaites le réglage.
addresses-accepted-label = Accepté
addresses-changed-label = Dernière modification
addresses-see = Voir les adresses
addresses-add = Ajouter des adresses
addresses-change-way = Changer le mode de réception
addresses-others-title = Réseaux sans nœud
addresses-simulated-title = Réseaux simulés
addresses-simulated-text = Les paiements de test passent par des réseaux simulés dans payd, qui créent les adresses nécessaires. Il n’y a rien à configurer, et aucun argent réel ne peut y être envoyé.
addresses-all-networks = Tous les réseaux
addresses-way-label = Mode de réception
addresses-pool-text = Chaque paiement ouvert dispose seul d’une adresse de votre liste. Après le paiement, l’adresse se repose puis resservira.
addresses-xpub-text = Chaque paiement reçoit une nouvelle adresse de votre portefeuille, tirée de la clé publique de son compte. payd voit ce qui arrive et ne peut rien dépenser.
addresses-shared-text = Tous les paiements vont à une même adresse. Des montants qui diffèrent d’un centime ou moins indiquent à qui est l’argent : pour les portefeuilles et les plateformes qui ne vous donnent qu’une adresse. Les clients doivent payer le montant exact.
addresses-unpaid = Les { $count } dernières n’ont encore rien reçu.
addresses-gap = Jusqu’à { $gap } adresses de suite n’ont rien reçu, et les portefeuilles cessent souvent de chercher après 20. Réglez la limite d’adresses vides (gap limit) de votre portefeuille à { $limit } ou plus, sinon il n’affichera pas tout votre argent (Electrum : wallet.change_gap_limit({ $limit }) dans la console ; Sparrow : Settings, Advanced, Gap limit).
addresses-next-children = Les prochaines adresses
addresses-plan-label = Combien de paiements par heure attendez-vous au maximum ?
addresses-plan-ask = Y a-t-il la place ?
addresses-plan-enough = Il y a la place.
addresses-plan-missing = Pour autant de paiements, ajoutez { $count } adresses, ou raccourcissez le délai de paiement ou le repos des adresses.
addresses-plan-too-many = Il faudrait trop d’adresses pour que ce soit pratique. Utilisez une clé de compte.
addresses-list-title = Adresses
addresses-list-empty = Pas encore d’adresses.
addresses-export = Exporter en CSV
addresses-address-label = Adresse
addresses-state-label = État
addresses-used-label = Dernière utilisation
addresses-received-label = Reçu
addresses-proof-label = Propriété
addresses-never = Jamais
addresses-nothing-yet = Encore rien
addresses-and-more = et plus
addresses-proved-word = Prouvée
addresses-not-proved = Non prouvée
addresses-pages = Pages de la liste
addresses-latest = Plus récentes
addresses-earlier = Précédentes

## Dashboard: what an address is doing

addresses-state-altered = Altérée : jamais attribuée
addresses-state-held = Occupée par un paiement
addresses-state-retired-held = Retirée après son paiement
addresses-state-shared = Partagée par tous les paiements
addresses-state-was-shared = Était partagée ; encore surveillée
addresses-state-used = Utilisée une fois
addresses-state-retired = Retirée ; encore surveillée
addresses-state-resting = Au repos jusqu’au { $until }
addresses-state-free = Libre

## Dashboard: adding addresses

addresses-add-title = Ajouter des adresses : { $network }
addresses-list-label = Adresses
addresses-list-hint = Vos adresses sur { $network }, une par ligne. Une signature qui prouve une adresse peut la suivre, après une virgule. Ne collez jamais de clé privée ni de phrase de récupération.
addresses-file-label = Ou les prendre dans un fichier
addresses-cancel = Annuler
addresses-only-good = Ajouter les { $count } valables et laisser les autres
addresses-findings = Peuvent être ajoutées : { $good }. Ne le peuvent pas : { $bad }.
addresses-findings-hidden = { $count } autres lignes ne sont pas affichées.
addresses-none-given = Collez au moins une adresse.
addresses-lines-wrong = Rien n’a été ajouté, car des lignes sont incorrectes : voir ci-dessous.
addresses-added = Les adresses ont été ajoutées. Les nouveaux paiements peuvent désormais les recevoir.
addresses-secret = Ceci est une clé privée ou une phrase de récupération. Ne la collez jamais nulle part, pas même ici : qui la possède peut prendre tout l’argent. payd ne l’a pas gardée, mais votre presse-papiers, votre navigateur ou quelqu’un derrière vous l’ont peut-être vue. Considérez-la comme compromise : transférez l’argent vers un nouveau portefeuille.
addresses-is-account = Ceci est une clé de compte, pas une adresse. Pour recevoir avec elle, choisissez « Changer le mode de réception ».
addresses-is-address = Ceci est une simple adresse, pas une clé de compte. Ajoutez-la à la réserve, ou choisissez « Adresse unique » ci-dessous.
addresses-same = Même adresse qu’à la ligne { $line }.
addresses-of-store = Cette adresse est à la boutique « { $store } ». Une adresse n’appartient qu’à une boutique.
addresses-of-another-way = Cette boutique y reçoit déjà, d’une autre façon : { $way }.
addresses-known = Cette adresse est déjà dans la réserve.
addresses-altered-row = La ligne de cette adresse a été modifiée dans la base de données, et pas par payd. Elle n’est jamais attribuée. Ne l’utilisez pas, et cherchez qui a pu écrire dans la base.
addresses-wrong-network = Cette adresse appartient au réseau { $found } ; vous en ajoutez sur { $wanted }.
addresses-checksum = Elle contient une faute de frappe : la somme de contrôle ne correspond pas. Copiez-la à nouveau.
addresses-null = L’argent envoyé à l’adresse nulle est perdu.
addresses-mweb = Les adresses MWEB ne peuvent pas être surveillées. Prenez-en une qui commence par ltc1, L ou M.
addresses-malformed = Ceci n’est pas une adresse. Attendu : une adresse { $wanted }.
addresses-signature-malformed = La signature n’a pas la forme qu’écrivent les portefeuilles de ce réseau. Copiez-la en entier.
addresses-signature-mismatch = La signature n’a pas été faite avec la clé de cette adresse sur ce texte exact. Copiez le texte tel qu’il est affiché, et signez avec l’adresse elle-même.
addresses-signature-high = La seconde moitié de cette signature est trop élevée, ce qu’aucun portefeuille n’écrit. Signez à nouveau.
addresses-signature-old-tron = Ceci a été signé à l’ancienne manière de TRON. Signez avec signMessageV2.
addresses-signature-unsupported = Pour une adresse de ce type, payd ne lit que les signatures BIP-322.

## Dashboard: the way to receive, set

addresses-way-title = Mode de réception : { $network }
addresses-way-now = Actuel
addresses-way-keeps = Ce avec quoi la boutique recevait avant reste surveillé, et ses paiements ouverts se poursuivent.
addresses-way-before = Utilisés avant
addresses-way-missing = Choisissez un mode de réception.
addresses-account-label = Clé de compte
addresses-account-hint = La clé publique du compte (xpub, zpub, Ltub…) ou son descripteur, comme votre portefeuille les affiche. Jamais de clé privée (xprv…) ni de phrase de récupération.
addresses-next-index-label = Continuer à l’adresse numéro (facultatif)
addresses-next-index-hint = Si le portefeuille a déjà attribué des adresses du compte. Laissé vide, payd continue après la dernière qu’il a attribuée.
addresses-look-account = Voir ses adresses
addresses-look-shared = L’examiner
addresses-look-pool = Recevoir avec la réserve
addresses-slots-label = Montants simultanés (facultatif)
addresses-slots-hint = Combien de paiements d’un même prix peuvent être ouverts à la fois. Habituellement 99.
addresses-digits-label = Écarts entre les montants en stablecoins
addresses-digits-usual = Habituels
addresses-not-a-number = Ce nombre n’est pas possible.
addresses-sure-title = Où ira l’argent : { $network }
addresses-sure-before = Avant
addresses-sure-after = Désormais
addresses-fingerprint-label = Empreinte
addresses-compare-title = Comparez d’abord celles-ci
addresses-compare-text = Voici les premières adresses de réception du compte. Elles doivent être les mêmes que dans votre portefeuille, dans le même ordre. Sinon, arrêtez : l’argent irait ailleurs.
addresses-sure-do = Recevoir ici désormais
addresses-way-set = Enregistré. Les nouveaux paiements y sont désormais reçus.
addresses-way-set-empty = Enregistré, mais la réserve est vide : ajoutez des adresses, sinon aucun paiement n’est possible.
addresses-way-same = Rien n’a changé : la boutique y reçoit déjà.
addresses-account-of-store = La boutique « { $store } » reçoit avec ce compte. Donnez à chaque boutique son propre compte.
addresses-given-out = Certaines de ces adresses ont déjà été attribuées. La prochaine doit porter le numéro { $next } ou plus.
addresses-shared-known = Cette boutique a déjà attribué l’adresse à des paiements précis ; leur argent ne pourrait pas être distingué. Prenez une adresse que payd ne connaît pas encore.
addresses-slot-count = Il peut y avoir de 1 à 9999 montants simultanés.
addresses-slot-digits = { $symbol } a { $decimals } décimales ; les montants ne peuvent pas différer de moins.
addresses-account-checksum = La clé contient une faute de frappe : la somme de contrôle ne correspond pas. Copiez-la à nouveau, en entier.
addresses-account-wrong-network = Les clés { $key } sont du réseau { $found } ; ce réseau est { $wanted }.
addresses-account-prefix = Le début de cette clé est inconnu. Sont connus xpub, ypub, zpub, tpub, upub, vpub, Ltub, Mtub et ttub.
addresses-account-multisig = Cette clé fait partie d’un portefeuille qui en a plusieurs. Donnez le descripteur complet du portefeuille : wsh(sortedmulti(…)).
addresses-account-depth = Cette clé est à { $depth } niveaux sous sa clé maîtresse, ce qui n’est pas un compte. Écrivez à sa suite le chemin vers ses adresses, par exemple { $example }.
addresses-account-change = Ceci est la clé d’une chaîne de monnaie rendue. Donnez la clé du compte.
addresses-account-hardened = Le chemin après la clé a des niveaux renforcés, qui demandent la clé privée. Donnez la clé publique qui se trouve en dessous.
addresses-account-wildcard = Ceci ne désigne qu’une seule adresse. Une chaîne de réception se termine par /0/*.
addresses-account-unpayable = Ce descripteur n’a pas d’adresse où l’on puisse payer sans risque.
addresses-account-nonsense = Ceci n’est pas une clé de compte. Attendu : une clé publique étendue (xpub…, zpub…, Ltub…) ou un descripteur de sortie.
addresses-account-no-descriptors = Les descripteurs sont pour Bitcoin et ses proches. Donnez ici l’xpub du compte.
addresses-account-index = Le compte se termine avant ce numéro.

## Dashboard: one address

addresses-one-title = Adresse
addresses-copy = Copier
addresses-child = numéro { $index } de son compte
addresses-payment-label = Paiement
addresses-created-label = Ajoutée
addresses-retired-label = Retirée
addresses-prove-title = Prouver qu’elle est à vous
addresses-prove-text = Signez ce texte avec le portefeuille qui a l’adresse. Cela montre que sa clé est entre vos mains, sans déplacer d’argent.
addresses-sign-with-bitcoin = Utilisez « signer un message » de votre portefeuille, sur l’adresse elle-même.
addresses-sign-with-evm = Utilisez « signer un message » (personal_sign) de votre portefeuille, depuis le compte lui-même.
addresses-sign-with-tron = Utilisez « signer un message » (signMessageV2) de votre portefeuille, depuis le compte lui-même.
addresses-signature-label = Signature
addresses-prove-do = Vérifier la signature
addresses-proved = La signature est bonne : il est prouvé que l’adresse est à vous.
addresses-retire-title = Retirer l’adresse
addresses-retire-text = Aucun nouveau paiement ne la recevra. Elle reste surveillée ; l’argent qui arrive encore est noté. Vous pouvez la remettre.
addresses-retire-held-text = Elle reste à son paiement jusqu’à la fin de celui-ci ; ensuite, aucun nouveau paiement ne la recevra. Elle reste surveillée, et vous pouvez la remettre.
addresses-retire-do = Retirer
addresses-retired = L’adresse est retirée : aucun nouveau paiement ne la recevra. L’argent qui arrive encore est noté.
addresses-retired-held = L’adresse reste à son paiement jusqu’à la fin de celui-ci ; ensuite, aucun nouveau paiement ne la recevra.
addresses-restore-title = Remettre l’adresse
addresses-restore-text = De nouveaux paiements pourront à nouveau la recevoir.
addresses-restore-do = Remettre
addresses-restored = L’adresse est de retour : de nouveaux paiements peuvent à nouveau la recevoir.
