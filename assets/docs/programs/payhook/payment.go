// Makes a payment, prints where to send the customer, and reads where the payment stands.
// Run it on your server only: whoever has the key can make payments in your name.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"time"
)

const (
	base   = "https://pay.example.com"
	apiKey = "pk_your_key"
)

var order = fmt.Sprintf("order-%d", time.Now().UnixNano())

type payment struct {
	Number      string `json:"payment_number"`
	Status      string `json:"status"`
	CheckoutURL string `json:"checkout_url"`
}

var client = &http.Client{Timeout: 30 * time.Second}

// call sends a call and reads its answer; anything but success ends the program.
func call(method, path string, sent, answer any) {
	var body []byte
	if sent != nil {
		var err error
		if body, err = json.Marshal(sent); err != nil {
			log.Fatal(err)
		}
	}
	request, err := http.NewRequest(method, base+path, bytes.NewReader(body))
	if err != nil {
		log.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-API-Key", apiKey)
	// Makes a retry safe: the same key gives the same payment, never a second one.
	request.Header.Set("Idempotency-Key", order)
	response, err := client.Do(request)
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		log.Fatal(err)
	}
	if response.StatusCode >= 300 {
		log.Fatalf("%d: %s", response.StatusCode, text)
	}
	if err := json.Unmarshal(text, answer); err != nil {
		log.Fatal(err)
	}
}

func main() {
	var made, found payment
	call("POST", "/api/v1/payments/", map[string]any{
		"amount_usd_cents":  5000,
		"network":           "tron",
		"currency":          "usdt",
		"external_order_id": order,
	}, &made)
	fmt.Println(made.CheckoutURL)

	call("GET", "/api/v1/payments/"+made.Number+"/", nil, &found)
	fmt.Println(found.Status)
}
