### Português do Brasil, com palavras que também Portugal entende.

language-name = Português

## Numbers and dates

digit-group = .
decimal-mark = ,
price-usd = US$ { $amount }
price-eur = € { $amount }
price-rub = ₽ { $amount }
price-cny = CN¥ { $amount }
price-gbp = £ { $amount }
price-jpy = JP¥ { $amount }
price-brl = R$ { $amount }
moment = { $day } de { $month ->
    [1] janeiro
    [2] fevereiro
    [3] março
    [4] abril
    [5] maio
    [6] junho
    [7] julho
    [8] agosto
    [9] setembro
    [10] outubro
    [11] novembro
   *[12] dezembro
} de { $year }, { $hour }:{ $minute } UTC
sentences = { $first } { $second }
announcement = { $title }. { $text }

## Head

order = Pedido { $id }
price-label = Total
test-banner = Pagamento de teste: sem dinheiro real

## Choosing the currency

select-title = Escolha a moeda do pagamento
select-time-hint = para escolher
select-text = Os valores acompanham o mercado. O seu é fixado quando você escolhe.
select-no-rate = Sem cotação agora
select-none = No momento não há nada para escolher. Entre em contato com { $shop }.
select-held = Muitos clientes estão pagando com { $symbol } por { $network } agora. Escolha outra moeda ou tente novamente em alguns minutos.
select-rate-missing = No momento não há cotação de { $symbol } por { $network }. Escolha outra moeda ou tente novamente em alguns minutos.
select-not-offered = No momento este pagamento não pode ser feito com { $symbol } por { $network }. Escolha outra moeda.
select-unknown = Esta moeda não está mais disponível. Escolha outra.
select-busy = Há muita atividade no momento. Escolha novamente em alguns segundos.
select-expired-text = O prazo para escolher terminou e não havia nada a pagar. Volte para { $shop } e comece de novo.

## Asking for the money

waiting-title = Aguardando seu pagamento
part-paid-title = Recebemos uma parte
send-more = Recebemos { $received }. Envie mais { $remaining }.
time-left = Tempo restante
time-left-hint = para pagar
amount-label = Envie exatamente
amount-label-more = Envie o restante exato
address-label = Para este endereço
network-label = Rede
fee-hint = As taxas da carteira são à parte.
exact-warning = Envie exatamente { $amount }, até o último dígito. Seu pagamento é reconhecido por este valor; com qualquer outro, não será encontrado.
network-warning = Envie somente { $symbol } por { $network }. Qualquer outro envio pode ser perdido.
copy-amount = Copiar valor
copy-address = Copiar endereço
copy-detail = Copiar: { $detail }
copy = Copiar
copied = Copiado
open-wallet = Abrir na carteira
qr-label = Código QR para sua carteira
received-so-far = Recebido até agora
connection-lost = Sem conexão. Esta página será atualizada automaticamente.

## While it is confirmed

confirming-title = Pagamento identificado
confirming-text = A rede está confirmando a transação. Não é preciso enviar mais nada.
unmined-text = A transação está a caminho e aguarda o primeiro bloco. Não é preciso enviar mais nada.
unmined-close = Você pode fechar esta página; continuaremos acompanhando o pagamento.
confirmations = { $count } de { $required } { $required ->
    [one] confirmação
   *[other] confirmações
}
confirming-wait = { $minutes ->
    [one] Geralmente leva menos de um minuto.
   *[other] Geralmente leva menos de { $minutes } minutos.
}
confirming-close = Você pode fechar esta página; seu pagamento está seguro.

## How it ended

paid-title = Pagamento concluído
paid-text = Obrigado. { $shop } recebeu seu pagamento.
overpaid-remark = Você enviou { $excess } a mais. Entre em contato com { $shop } para receber a devolução.
closing-title = Tempo esgotado
closing-text = Por favor, não pague agora. Se você já pagou, estamos procurando seu pagamento e esta página mostrará o resultado.
underpaid-title = O valor não chegou completo a tempo
underpaid-text = Chegaram { $received } de { $due } antes do fim do prazo.
underpaid-remark = Por favor, não envie mais nada agora. Entre em contato com { $shop }: eles podem concluir seu pedido ou devolver o que você enviou.
expired-title = Este pagamento expirou
expired-text = O prazo para pagar terminou. Por favor, não envie mais nada para este endereço.
expired-remark = Se você pagou pouco antes do fim do prazo, seu pagamento ainda será encontrado e esta página será atualizada automaticamente. Se pagou depois, entre em contato com { $shop } e informe sua transação.
cancelled-title = Este pagamento foi cancelado
cancelled-text = { $shop } cancelou este pagamento. Por favor, não envie nada para este endereço.
cancelled-unasked-text = { $shop } cancelou este pagamento. Não há nada a pagar.
cancelled-remark = Se você já enviou dinheiro, entre em contato com { $shop } e informe o número do pagamento abaixo.
failed-title = Não foi possível concluir este pagamento
failed-text = Por favor, não envie mais nada. Entre em contato com { $shop } e informe o número do pagamento abaixo.
preparing-title = Um momento
preparing-text = Estamos preparando seu pagamento. Mantenha esta página aberta: ela será atualizada automaticamente.
queued-title = Um momento, por favor
queued-text = Muitos clientes estão pagando agora, por isso não envie nada ainda. Mantenha esta página aberta: ela mostrará o que pagar assim que chegar a sua vez.
never-asked-text = Sua vez não chegou a tempo e não havia nada a pagar. Volte para { $shop } e tente novamente.
back-to-shop = Voltar para { $shop }
leaving = Voltando para { $host }…
leaving-unless-paid = Se você enviou dinheiro, fique nesta página. Caso contrário, você voltará para { $host }.
stay = Ficar nesta página
print = Imprimir recibo

## Details

details = Detalhes
detail-number = Número do pagamento
detail-network = Rede
detail-due = Valor a pagar
detail-received = Recebido
detail-rate = Cotação
rate = 1 { $symbol } = { $rate }
detail-email = E-mail
detail-created = Criado em
detail-confirmed = Pago em
detail-address = Endereço
detail-transaction = Transação
foot = Pagamento direto na carteira da loja
help-link = Obter ajuda
language-choice = Idioma

## Test payments

simulate-title = Experimente o que pode acontecer
simulate-text = Estes botões agem sobre uma blockchain simulada. Um pagamento real não tem este painel.
scenario-exact = Pagar o valor exato
scenario-under = Pagar a metade
scenario-over = Pagar a mais
scenario-late = Pagar com atraso
scenario-twice = Pagar duas vezes
scenario-wrong-token = Pagar com outra moeda
scenario-reorg = Desfazer o bloco

## Problems

not-found-title = Pagamento não encontrado
not-found-text = Verifique se você abriu o link completo ou volte à loja e comece de novo.
not-understood-title = Não funcionou
not-understood-text = Volte ao pagamento e tente novamente.
unavailable-title = Indisponível no momento
unavailable-text = Tente novamente em alguns segundos. Um pagamento já enviado não se perde.
too-many-title = Um pouco mais devagar
too-many-text = Recebemos solicitações demais da sua conexão. Aguarde um pouco e tente novamente.
try-again = Tentar novamente

## Donations

donate-amount = Escolha um valor
donate-own = Outro
donate-own-label = Seu valor
donate-pay-with = Pagar com
donate-name = Seu nome
donate-message = Mensagem
donate-optional = opcional
donate-button = Doar
donate-foot = Doação direta na carteira de quem recebe
donate-given = { $given } de { $goal }
donate-goal = Meta: { $goal }
donate-count = { $count ->
    [one] { $count } doação até agora
   *[other] { $count } doações até agora
}
donate-error-missing = Escolha um valor ou digite o seu.
donate-error-amount = Digite o valor assim: { $example }.
donate-error-zero = O valor deve ser maior que zero.
donate-error-large = É mais do que se pode doar de uma vez. Escolha um valor menor.
donate-error-currency = Escolha a moeda do pagamento.
donate-error-name = Seu nome pode ter no máximo { $count } caracteres.
donate-error-message = Sua mensagem pode ter no máximo { $count } caracteres.
donate-error-unavailable = Não é possível pagar assim agora. Tente novamente em um minuto ou pague com outra moeda.
donate-not-found-title = Página não encontrada
donate-not-found-text = Verifique se você abriu o link completo.
donate-closed-title = Sem doações no momento
donate-closed-text = Esta página não está recebendo doações agora. Agradecemos a intenção.
donate-not-understood-text = Volte à página e tente novamente.
donate-unavailable-text = Tente novamente em alguns segundos.

## The widgets: an overlay on the shop's page, and the frame in it before the payment

widget-pay-title = Pagar com criptomoedas
widget-donate-title = Doar com criptomoedas
widget-close = Fechar
widget-loading = Carregando…
widget-unreachable = Não foi possível carregar. Feche esta janela e tente novamente em instantes.
widget-starting = Preparando seu pagamento…
widget-continue = Continuar para o pagamento
widget-refused-title = Não é possível iniciar este pagamento
widget-refused-text = Nada foi cobrado. Por favor, avise a loja.
widget-busy-text = Nada foi cobrado. Por favor, feche esta janela e tente novamente em instantes.
widget-for-the-shop = Para a loja:
widget-donate = Doar
widget-donate-text = Apoie-nos com uma doação em criptomoedas
widget-dismiss = Ocultar esta barra
