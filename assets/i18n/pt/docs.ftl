### A documentação das APIs. O que está nas próprias descrições é inglês em todas as línguas.

## The documentation

docs-heading = Documentação da API
docs-title = API { $api } · payd
docs-overview = Visão geral
docs-apis = As APIs
docs-contents = Nesta página
docs-skip = Ir para o conteúdo
docs-back = Voltar ao painel
docs-own = Preenchido com a chave de teste de { $store }.

docs-lead-text = O payd fala cinco APIs ao mesmo tempo, em um só endereço. Cada uma é a API de um gateway hospedado: se sua loja já fala uma delas, troque o nome do servidor e as chaves, e nada mais. O dinheiro vai da carteira do cliente direto para a sua.
docs-pick-title = Qual API escolher
docs-pick-text = Não conhece nenhuma? Use PayHook para preços em dólares, e soko para preços em outras moedas ou para que os clientes escolham a moeda. Qualquer chave pode chamar qualquer API; a API da própria loja decide a forma dos webhooks.
docs-payhook-text = Uma chave em um cabeçalho, preços em centavos de dólar, qualquer rede e moeda que você indicar. Repetir é seguro com uma Idempotency-Key.
docs-soko-text = Chamadas assinadas, preços em uma criptomoeda ou em cerca de quarenta moedas, e uma página em que os clientes escolhem com o que pagar. Também cotações, saldos, doações e um widget.
docs-crypto-pay-text = USDT na TRON com uma chamada assinada e um webhook. Cada projeto pertence a um site; os novos começam em modo de teste.
docs-usdt-payments-text = USDT na TRON com uma chamada assinada e um webhook, sem regras sobre sites.
docs-cryptopayment-text = Faturas em dólares americanos, cada uma com seu próprio endereço: Bitcoin, Litecoin, Ether e USDT. Chave e segredo em um só cabeçalho.
docs-price = Preço
docs-test-title = Modo de teste
docs-test-text = Uma chave de teste nunca toca uma blockchain real: seus pagamentos existem em uma simulada dentro do payd e passam pelo mesmo código que o dinheiro real. Crie uma chave de teste, crie um pagamento e pague-o na página de pagamento ou com um comando:
docs-simulate-text = A menos, a mais, duas vezes, com atraso ou desfeito pela blockchain: o painel na página de um pagamento de teste simula tudo isso.
docs-webhooks-title = Webhooks
docs-webhooks-text = Quando um pagamento muda, o payd envia uma mensagem assinada ao seu servidor. Um endpoint tem um formato, que define corpo, assinatura e novas tentativas:
docs-webhook-verify = Verifique a assinatura sobre o corpo bruto, antes de qualquer outra coisa.
docs-webhook-answer = Responda 2xx assim que a mensagem estiver guardada; processe-a depois.
docs-webhook-twice = A mesma mensagem pode chegar duas vezes. Aja uma só vez por pagamento.
docs-webhook-mode = Veja se é um teste: nunca entregue mercadoria por um pagamento de teste.
docs-standard-text = Há um sexto formato, standard: a visão do próprio payd sobre um pagamento, com os cabeçalhos de Standard Webhooks, para os quais há verificadores em muitas linguagens.

docs-quick-title = Início rápido
docs-key-text = Crie uma chave de teste. Chave e segredo são mostrados uma só vez; coloque-os nos programas abaixo.
docs-site-text = Informe ao payd o site do projeto. Os endereços em success_url e fail_url precisam estar no domínio dele.
docs-endpoint-text = Informe ao payd onde seu servidor recebe webhooks. A resposta traz o segredo com que são assinados.
docs-endpoint-own-text = Informe ao payd onde seu servidor recebe webhooks. Eles são assinados com o segredo da API da chave que criou o pagamento.
docs-endpoint-key-text = Informe ao payd onde seu servidor recebe webhooks; cada chave pode ter seu próprio lugar. A resposta traz a APP_KEY com que são assinados.
docs-languages = Linguagem de programação
docs-create-title = Criar um pagamento e ler sua situação
docs-create-text = O programa mostra para onde enviar seu cliente e, depois, em que ponto está o pagamento.
docs-verify-title = Receber webhooks
docs-verify-text = Um servidor completo: escuta na porta 8000, recusa o que não está assinado e mostra cada pedido pago.
docs-verify-shell-text = Para experimentar: verifica um webhook salvo em arquivos. Para um servidor, use uma das outras linguagens.

docs-authentication-title = Autenticação
docs-public = público
docs-parameters = Parâmetros
docs-body = Corpo
docs-reply = Resposta
docs-same-fields = Os campos são os de
docs-errors = Erros
docs-required = obrigatório
docs-example = Exemplo:
docs-events = Eventos
docs-headers = Cabeçalhos
docs-signature = Assinatura
docs-acknowledged = Confirmação de recebimento e novas tentativas
