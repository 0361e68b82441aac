## Dashboard: a store’s overview

overview-modes = Dinheiro real ou pagamentos de teste
overview-live = Real
overview-test = Teste
overview-new = Novo pagamento
overview-test-shown = Você está vendo pagamentos de teste. Não há dinheiro real nestes números.
overview-figures = Vendas
overview-today = Hoje
overview-month = Últimos 30 dias
overview-month-count = Pagos em 30 dias
overview-paid-payments = { $count ->
    [one] { $shown } pagamento
   *[other] { $shown } pagamentos
}
overview-change-more = { $percent }% a mais que nos 30 dias anteriores
overview-change-less = { $percent }% a menos que nos 30 dias anteriores
overview-change-none = Igual aos 30 dias anteriores
overview-no-change = Nada nos 30 dias anteriores
overview-paid-percent = { $percent }% dos encerrados foram pagos
overview-utc = Os dias começam à meia-noite UTC
overview-days-title = Vendas por dia
overview-days-desc = Uma barra para cada um dos últimos 30 dias. No total, { $sum }; no melhor dia, { $top }. A tabela abaixo mostra o mesmo.
overview-days-none = Nenhuma venda nos últimos 30 dias.
overview-days-table = Mostrar como tabela
overview-day = { $day } { $month ->
    [1] jan.
    [2] fev.
    [3] mar.
    [4] abr.
    [5] mai.
    [6] jun.
    [7] jul.
    [8] ago.
    [9] set.
    [10] out.
    [11] nov.
   *[12] dez.
}
overview-day-label = Dia
overview-count-label = Pagamentos
overview-sum-label = Soma
overview-mixed = Os preços estão em várias moedas: as somas estão em dólares americanos, pelo valor dos pagamentos quando foram criados.
overview-unvalued = { $count ->
    [one] { $count } pagamento não entra em nenhuma soma, porque não se sabia quanto valia.
   *[other] { $count } pagamentos não entram em nenhuma soma, porque não se sabia quanto valiam.
}
overview-assets-title = Por moeda
overview-assets-none = Nada foi pago nos últimos 30 dias.
overview-asset-sold = { $count ->
    [one] { $sum } · { $shown } pagamento
   *[other] { $sum } · { $shown } pagamentos
}
overview-funnel-title = O que houve com os pagamentos
overview-funnel-made = Criados
overview-funnel-seen = Dinheiro identificado
overview-funnel-paid = Pagos
overview-funnel-underpaid = Pagos a menos
overview-funnel-expired = Expirados
overview-funnel-cancelled = Cancelados
overview-funnel-open = Ainda abertos
overview-latest-title = Últimos pagamentos
overview-latest-all = Todos os pagamentos
overview-latest-none = Nenhum pagamento ainda.
overview-payment-label = Pagamento
overview-status-label = Situação
overview-asset-label = Pago com
overview-made-label = Criado em
overview-price-label = Preço

## Dashboard: what of a store needs attention

overview-attention-title = Requer atenção
overview-disabled = Esta loja está desativada: não aceita novos pagamentos.
overview-test-mode = Esta loja está em modo de teste: suas chaves reais são recusadas.
overview-not-recording-full = Nada pode ser registrado: o disco está cheio. Libere espaço; o payd continua sozinho.
overview-not-recording-read-only = Nada pode ser registrado: o banco de dados não pode ser gravado. Verifique as permissões; o payd continua sozinho.
overview-not-recording-failing = Nada pode ser registrado: o disco não aceita gravações. Verifique se ele falha ou está cheio; o payd continua sozinho.
overview-not-recording-damaged = Nada mais é registrado: o arquivo do banco de dados está danificado. Pare o payd e restaure o último backup.
overview-no-network = O payd não tem nenhum nó para ver dinheiro real: só pagamentos de teste funcionam.
overview-no-address = Não há endereço para receber dinheiro real.
overview-inbox = { $count ->
    [one] { $count } transferência não contou para nenhum pagamento.
   *[other] { $count } transferências não contaram para nenhum pagamento.
}
overview-inbox-many = { $count } transferências ou mais não contaram para nenhum pagamento.
overview-low-pool = { $free ->
    [0] Não resta nenhum endereço livre em { $network }: novos pagamentos ali são recusados.
    [one] Resta { $free } endereço livre em { $network }.
   *[other] Restam { $free } endereços livres em { $network }.
}
overview-unread = Não é possível ler { $network }: os pagamentos ali não são vistos.
overview-unread-since = { $network } não é lida desde { $time }: os pagamentos ali não são vistos.
overview-alarm = Algo em { $network } precisa ser verificado.
overview-webhook-failed = { $url } não aceita webhooks: houve desistência de um.
overview-webhook-waits = Há webhooks para { $url } esperando há algum tempo.
overview-no-second-factor = Você entra só com a senha. Adicione uma segunda etapa.
overview-to-account = Sua conta
overview-steps-title = Primeiros passos
overview-step-done = Feito
overview-step-test = Crie um pagamento de teste e veja-o ser pago
overview-step-address = Adicione seus próprios endereços ou uma chave da conta
overview-step-webhook = Informe ao payd onde sua loja recebe avisos de pagamentos
overview-step-key = Crie uma chave de API real para sua loja
overview-step-backup = Salve um backup do arquivo da chave e do banco de dados

## Dashboard: the inbox

inbox-about = Dinheiro que chegou aos seus endereços e não contou para nenhum pagamento. Ele é seu de qualquer forma: diga o que fazer com ele.
inbox-which = Quais transferências
inbox-open = Pendentes
inbox-all = Todas
inbox-none = Nada a verificar: todo o dinheiro que chegou conta para um pagamento.
inbox-amount-label = Valor
inbox-reason-label = Por que está aqui
inbox-payment-label = Pagamento
inbox-when-label = Quando
inbox-worth-label = Valor hoje
inbox-worth-unknown = Desconhecido
inbox-network-label = Rede
inbox-address-label = Chegou a
inbox-transaction-label = Transação
inbox-pages = Páginas da lista
inbox-latest = Mais recentes
inbox-earlier = Anteriores
inbox-reason-gone = O bloco saiu da blockchain, e o dinheiro com ele. Se for minerado de novo, volta sozinho.
inbox-reason-counted = Conta para um pagamento.
inbox-reason-late = Chegou depois do fim do prazo do pagamento.
inbox-reason-wrong-asset = É uma moeda diferente da que o pagamento pedia.
inbox-reason-second = O pagamento já estava pago: é um segundo pagamento ou um excesso.
inbox-reason-after-end = O pagamento já estava encerrado quando chegou.
inbox-reason-unmatched = Nenhum pagamento esperava neste endereço.
inbox-handled-attached = Associada em { $time }
inbox-handled-dismissed = Descartada em { $time }
inbox-letter-title = Transferência
inbox-attach-title = Associar a um pagamento
inbox-attach-hint = O dinheiro passa a contar para o pagamento como se tivesse chegado a tempo, e sua loja é avisada.
inbox-proposals = Pode ser para
inbox-no-proposal = Nenhum pagamento aberto pediu esta moeda neste endereço.
inbox-lacks = faltam { $amount }
inbox-other = Outro pagamento
inbox-other-label = Número do pagamento ou pedido
inbox-why-label = Motivo (fica no registro de auditoria)
inbox-attach = Associar
inbox-attached = A transferência agora conta para o pagamento. Ele será concluído assim que ela tiver as confirmações.
inbox-dismiss-title = Descartar
inbox-dismiss-hint = Nada se faz com ela aqui: você a devolveu ou sabe o que é.
inbox-dismiss = Descartar
inbox-dismissed = A transferência saiu da caixa de entrada. Ela continua em “Todas”.
inbox-mistake-reason = Informe o motivo, em até 500 caracteres.
inbox-mistake-no-payment = Esta loja não tem pagamento com esse número, nem para esse pedido.
inbox-mistake-counts = Esta transferência já conta para { $number }.
inbox-mistake-gone = O bloco saiu da blockchain, e o dinheiro com ele.
inbox-mistake-network = O dinheiro chegou por { $found }, e { $number } deve ser pago por { $wanted }. Crie um pagamento em { $found } para o pedido e associe a ele, ou devolva o dinheiro e descarte a transferência aqui.
inbox-mistake-currency = O dinheiro é { $found }, e { $number } deve ser pago em { $wanted }. Crie um pagamento em { $found } para o pedido e associe a ele, ou devolva o dinheiro e descarte a transferência aqui.
inbox-mistake-takes-none = { $number } não aceita dinheiro ({ $status }). Crie um novo pagamento para o pedido e associe a ele, ou devolva o dinheiro.
inbox-mistake-place = Outro pagamento espera dinheiro no endereço de { $number }. Associe a transferência quando ela tiver { $count } confirmações.

## Dashboard: balances

balances-about = O que seus pagamentos receberam desde o início. O payd não guarda dinheiro: ele está nas suas próprias carteiras, e aqui não se sabe o que você gastou depois.
balances-about-test = O que os pagamentos de teste receberam. Nada disso é real.
balances-none = Nada foi recebido ainda.
balances-csv = Baixar CSV
balances-worth-title = Recebido, pelas cotações de hoje
balances-short = Sem as moedas que não têm cotação agora.
balances-asset-label = Moeda
balances-settled-label = Recebido
balances-pending-label = A caminho
balances-held-label = Nos seus endereços
balances-held-hint = “Nos seus endereços” é o que havia neles quando o payd os comparou com a blockchain pela última vez.
balances-no-rate = Sem cotação
