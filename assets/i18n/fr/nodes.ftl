## Dashboard: networks and their nodes

nodes-intro = payd lit chaque réseau par des nœuds que d’autres font tourner, ou par les vôtres. Quand l’un d’eux fait défaut, payd interroge le suivant.
nodes-refresh = Actualiser
nodes-none = Aucun réseau n’est encore activé ; seuls les paiements de test fonctionnent. Activez les réseaux sur lesquels vos clients paient.
nodes-as-of = Situation au
nodes-failure = Le dernier changement de réseaux n’est pas en vigueur :
nodes-error = Le réseau ne peut pas être lu en ce moment. payd réessaie de lui-même ; rien de ce qui a été payé n’est perdu, et aucun paiement n’expire avant que le réseau ait été lu.
nodes-alarm = Une personne devrait regarder ceci :
nodes-state-well = À jour
nodes-state-behind = Rattrape son retard
nodes-state-failing = Injoignable
nodes-state-starting = Démarre
nodes-theirs = Défini dans le fichier de configuration
nodes-off-theirs = Désactivé dans le fichier de configuration
nodes-change = Modifier
nodes-switch-on = Activer
nodes-switch-off = Désactiver
nodes-back = Retour
nodes-tip = Bloc le plus récent
nodes-cursor = Lu jusqu’à
nodes-behind = Retard
nodes-behind-none = aucun bloc
nodes-behind-some =
    { $blocks ->
        [one] { $blocks } bloc, environ { $span }
       *[other] { $blocks } blocs, environ { $span }
    }
nodes-read = Dernière lecture
nodes-open = Paiements ouverts
nodes-off = Non activé
nodes-providers-of = Nœuds { $network }
nodes-provider = Nœud
nodes-provider-state = État
nodes-provider-well = Répond
nodes-provider-throttled = Trop sollicité
nodes-provider-resting = Laissé de côté
nodes-provider-unasked = Pas encore interrogé
nodes-latency = Répond en
nodes-lag-label = Retard
nodes-lag =
    { $blocks ->
        [one] { $blocks } bloc
       *[other] { $blocks } blocs
    }
nodes-errors = Échecs
nodes-calls = Appels du jour
nodes-budget = Quota restant
nodes-last-error = Dernière erreur
nodes-rests = Réinterrogé dans { $span } : { $reason }
nodes-percent = { $percent } %
nodes-milliseconds = { $ms } ms
nodes-span-seconds = { $count } s
nodes-span-minutes = { $count } min
nodes-span-hours = { $count } h
nodes-span-days =
    { $count ->
        [one] { $count } jour
       *[other] { $count } jours
    }

## Dashboard: switching networks on and off

nodes-on-title = Activer { $network }
nodes-change-title = Modifier { $network }
nodes-choose = Nœuds à interroger
nodes-choose-hint = Prenez-en deux ou plus, d’opérateurs différents : un paiement compte quand deux d’entre eux sont d’accord. Les nœuds publics vont et viennent.
nodes-own = Vos propres nœuds
nodes-own-hint = Votre propre nœud, ou un nœud pour lequel vous avez une clé. Les clés contenues dans les adresses restent sur cette machine et ne sont plus jamais affichées.
nodes-url-label = Adresse { $number }
nodes-kind-label = Type { $number }
nodes-kind-by-url = Selon l’adresse
nodes-header-label = En-tête de clé { $number } (si votre fournisseur en demande un)
nodes-header-example = { "tron-pro-api-key: …" }
nodes-tokens = Jetons
nodes-tokens-hint = L’argent dans un jeton non coché n’est pas vu.
nodes-confirmations = Confirmations
nodes-confirmations-hint = Blocs avant qu’un paiement compte : un nombre de 1 à { $limit }, ou des paliers selon la valeur du paiement en dollars, par exemple 0=1,100=2,1000=3. Plus il y en a, plus c’est lent et sûr.
nodes-confirmations-wrong = Écrivez un nombre de 1 à { $limit }, ou des paliers comme 0=1,100=2,1000=3 qui commencent à 0 et augmentent.
nodes-anyway = Utiliser ces nœuds même si tous n’ont pas bien répondu
nodes-save-hint = payd redémarre pour cela, ce qui prend quelques secondes. Les paiements se poursuivent.
nodes-save = Enregistrer
nodes-test = Tester les nœuds
nodes-no-providers = Cochez un nœud, ou écrivez l’adresse d’un des vôtres.
nodes-not-good = Tous ces nœuds ne sont pas utilisables : voyez ce qui a été trouvé. Rien n’a été modifié.
nodes-refused = Ceci n’est pas accepté : { $reason }
nodes-probe-good = Fonctionne : réponse en { $ms } ms, au bloc { $height }.
nodes-probe-fault = Inutilisable : { $reason }
nodes-probe-other = Ce nœud sert { $served }, pas { $network }. Prenez l’adresse d’un nœud { $network }.
nodes-off-title = Désactiver { $network } ?
nodes-off-text = payd cesse de lire { $network } : aucun nouveau paiement n’y est possible, et l’argent qui y arrive n’est pas vu avant la réactivation. Ce qui a été payé reste dans les comptes.
nodes-off-open =
    { $count ->
        [one] { $count } paiement y attend encore de l’argent ou des confirmations. Il attendrait jusqu’à la réactivation du réseau.
       *[other] { $count } paiements y attendent encore de l’argent ou des confirmations. Ils attendraient jusqu’à la réactivation du réseau.
    }
nodes-applying-title = Modification des réseaux
nodes-applying-text = payd redémarre avec les nouveaux réseaux. Cette page continue d’elle-même dans quelques secondes.
nodes-applying-look = Voir maintenant
nodes-done-changed = Les réseaux sont modifiés.
nodes-done-refused = Le changement n’a pas pu entrer en vigueur ; payd continue comme avant.
