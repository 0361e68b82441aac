### La documentation des API. Le contenu des descriptions elles-mêmes est partout en anglais.

## The documentation

docs-heading = Documentation des API
docs-title = API { $api } · payd
docs-overview = Vue d’ensemble
docs-apis = Les API
docs-contents = Sur cette page
docs-skip = Aller au contenu
docs-back = Retour au tableau de bord
docs-own = Rempli avec la clé de test de { $store }.

docs-lead-text = payd parle cinq API à la fois, à une seule adresse. Chacune est l’API d’une passerelle hébergée : si votre boutique en utilise déjà une, changez le nom d’hôte et les clés, et rien d’autre. L’argent va directement du portefeuille du client au vôtre.
docs-pick-title = Quelle API choisir
docs-pick-text = Toutes vous sont nouvelles ? Prenez PayHook pour des prix en dollars, soko pour des prix dans d’autres devises ou quand le client choisit la monnaie. Chaque clé peut appeler chaque API ; l’API de la boutique détermine la forme de ses webhooks.
docs-payhook-text = Une clé dans un en-tête, des prix en cents américains, le réseau et la monnaie que vous indiquez. Les nouvelles tentatives sont sans risque avec un Idempotency-Key.
docs-soko-text = Des appels signés, des prix en cryptomonnaie ou dans une quarantaine de devises, et une page où le client choisit avec quoi payer. Aussi : cours, soldes, dons et un widget.
docs-crypto-pay-text = USDT sur TRON avec un appel signé et un webhook. Chaque projet est lié à un site web ; les nouveaux commencent en mode test.
docs-usdt-payments-text = USDT sur TRON avec un appel signé et un webhook, sans règles sur les sites web.
docs-cryptopayment-text = Des factures en dollars américains avec chacune sa propre adresse : Bitcoin, Litecoin, Ether et USDT. Clé et secret dans un seul en-tête.
docs-price = Prix
docs-test-title = Mode test
docs-test-text = Une clé de test ne touche jamais une vraie chaîne : ses paiements vivent sur une chaîne simulée dans payd et passent par le même code que l’argent réel. Créez une clé de test et un paiement, puis faites-le payer sur sa page de paiement ou par une commande :
docs-simulate-text = Trop peu, trop, deux fois, en retard, ou repris par la chaîne : le panneau sur la page d’un paiement de test joue tous ces cas.
docs-webhooks-title = Webhooks
docs-webhooks-text = Quand un paiement change, payd envoie un message signé à votre serveur. Une destination a un format, qui détermine le corps, la signature et les nouvelles tentatives :
docs-webhook-verify = Vérifiez la signature sur le corps brut, avant toute autre chose.
docs-webhook-answer = Répondez 2xx dès que le message est enregistré ; traitez-le ensuite.
docs-webhook-twice = Le même message peut arriver deux fois. N’agissez qu’une fois par paiement.
docs-webhook-mode = Regardez si c’est un test : ne livrez jamais rien pour un paiement de test.
docs-standard-text = Il existe un sixième format, standard : la vue propre à payd d’un paiement avec les en-têtes de Standard Webhooks, pour lequel des vérificateurs existent dans de nombreux langages.

docs-quick-title = Démarrage rapide
docs-key-text = Créez une clé de test. La clé et le secret sont affichés une fois ; mettez-les dans les programmes ci-dessous.
docs-site-text = Indiquez à payd le site du projet. Les adresses de success_url et fail_url doivent être sur son domaine.
docs-endpoint-text = Indiquez à payd où votre serveur reçoit les webhooks. La réponse contient le secret qui les signe.
docs-endpoint-own-text = Indiquez à payd où votre serveur reçoit les webhooks. Ils sont signés avec le secret API de la clé qui a créé le paiement.
docs-endpoint-key-text = Indiquez à payd où votre serveur reçoit les webhooks ; chaque clé peut avoir sa propre destination. La réponse contient l’APP_KEY qui les signe.
docs-languages = Langage de programmation
docs-create-title = Créer un paiement et lire son statut
docs-create-text = Le programme affiche où envoyer votre client, puis où en est le paiement.
docs-verify-title = Recevoir des webhooks
docs-verify-text = Un serveur complet : il écoute sur le port 8000, refuse ce qui n’est pas signé et affiche chaque commande payée.
docs-verify-shell-text = Pour essayer : il vérifie un webhook enregistré dans des fichiers. Pour un serveur, prenez un des autres langages.

docs-authentication-title = Authentification
docs-public = public
docs-parameters = Paramètres
docs-body = Corps
docs-reply = Réponse
docs-same-fields = Les champs sont ceux de
docs-errors = Erreurs
docs-required = obligatoire
docs-example = Exemple :
docs-events = Événements
docs-headers = En-têtes
docs-signature = Signature
docs-acknowledged = Accusé de réception et nouvelles tentatives
