## Dashboard: networks and their nodes

nodes-intro = O payd lê cada rede por meio de nós de terceiros ou dos seus. Quando um falha, o payd consulta o próximo.
nodes-refresh = Atualizar
nodes-none = Nenhuma rede ativada ainda, por isso só pagamentos de teste funcionam. Ative as redes em que seus clientes pagam.
nodes-as-of = Situação em
nodes-failure = A última alteração das redes não está em vigor:
nodes-error = Não é possível ler a rede no momento. O payd tenta de novo sozinho; nada do que foi pago se perde, e nenhum pagamento expira antes que a rede seja lida.
nodes-alarm = Alguém precisa verificar isto:
nodes-state-well = Em dia
nodes-state-behind = Recuperando o atraso
nodes-state-failing = Inacessível
nodes-state-starting = Iniciando
nodes-theirs = Definida no arquivo de configuração
nodes-off-theirs = Desativada no arquivo de configuração
nodes-change = Alterar
nodes-switch-on = Ativar
nodes-switch-off = Desativar
nodes-back = Voltar
nodes-tip = Bloco mais recente
nodes-cursor = Lido até
nodes-behind = Atraso
nodes-behind-none = nenhum bloco
nodes-behind-some =
    { $blocks ->
        [one] { $blocks } bloco, cerca de { $span }
       *[other] { $blocks } blocos, cerca de { $span }
    }
nodes-read = Última leitura
nodes-open = Pagamentos abertos
nodes-off = Não ativadas
nodes-providers-of = Nós de { $network }
nodes-provider = Nó
nodes-provider-state = Estado
nodes-provider-well = Responde
nodes-provider-throttled = Consultado demais
nodes-provider-resting = Em pausa
nodes-provider-unasked = Ainda não consultado
nodes-latency = Responde em
nodes-lag-label = Atraso
nodes-lag =
    { $blocks ->
        [one] { $blocks } bloco
       *[other] { $blocks } blocos
    }
nodes-errors = Falhas
nodes-calls = Chamadas hoje
nodes-budget = Cota restante
nodes-last-error = Último erro
nodes-rests = Nova consulta em { $span }: { $reason }
nodes-percent = { $percent }%
nodes-milliseconds = { $ms } ms
nodes-span-seconds = { $count } s
nodes-span-minutes = { $count } min
nodes-span-hours = { $count } h
nodes-span-days =
    { $count ->
        [one] { $count } dia
       *[other] { $count } dias
    }

## Dashboard: switching networks on and off

nodes-on-title = Ativar { $network }
nodes-change-title = Alterar { $network }
nodes-choose = Nós a consultar
nodes-choose-hint = Escolha dois ou mais, de operadores diferentes: um pagamento conta quando dois deles concordam. Nós públicos vêm e vão.
nodes-own = Nós próprios
nodes-own-hint = Seu próprio nó ou um para o qual você tem uma chave. As chaves nos endereços ficam nesta máquina e nunca são mostradas de novo.
nodes-url-label = Endereço { $number }
nodes-kind-label = Tipo { $number }
nodes-kind-by-url = Definido pelo endereço
nodes-header-label = Cabeçalho da chave { $number } (se o seu provedor pedir)
nodes-header-example = tron-pro-api-key: …
nodes-tokens = Tokens
nodes-tokens-hint = O dinheiro em um token não marcado não é visto.
nodes-confirmations = Confirmações
nodes-confirmations-hint = Blocos até que um pagamento conte: um número de 1 a { $limit }, ou faixas conforme o valor do pagamento em dólares, como 0=1,100=2,1000=3. Mais é mais lento e mais seguro.
nodes-confirmations-wrong = Digite um número de 1 a { $limit }, ou faixas como 0=1,100=2,1000=3 que comecem em 0 e cresçam.
nodes-anyway = Usar estes nós mesmo que nem todos tenham respondido bem
nodes-save-hint = Para isso o payd se reinicia, o que leva alguns segundos. Os pagamentos seguem normalmente.
nodes-save = Salvar
nodes-test = Testar os nós
nodes-no-providers = Marque um nó ou digite o endereço de um nó próprio.
nodes-not-good = Nem todos estes nós podem ser usados: veja o que foi encontrado. Nada foi alterado.
nodes-refused = Isto não é aceito: { $reason }
nodes-probe-good = Funciona: respondeu em { $ms } ms e está no bloco { $height }.
nodes-probe-fault = Não pode ser usado: { $reason }
nodes-probe-other = Este nó atende { $served }, não { $network }. Use o endereço de um nó de { $network }.
nodes-off-title = Desativar { $network }?
nodes-off-text = O payd deixa de ler { $network }: não será possível criar novos pagamentos nela, e o dinheiro que chegar ali não será visto até que seja reativada. O que foi pago continua registrado.
nodes-off-open =
    { $count ->
        [one] { $count } pagamento nela ainda aguarda dinheiro ou confirmações. Ele esperaria até que a rede fosse reativada.
       *[other] { $count } pagamentos nela ainda aguardam dinheiro ou confirmações. Eles esperariam até que a rede fosse reativada.
    }
nodes-applying-title = Alterando as redes
nodes-applying-text = O payd está se reiniciando com as novas redes. Esta página continua sozinha em alguns segundos.
nodes-applying-look = Ver agora
nodes-done-changed = As redes foram alteradas.
nodes-done-refused = A alteração não pôde entrar em vigor; o payd continua como antes.
