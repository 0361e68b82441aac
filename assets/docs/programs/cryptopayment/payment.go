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
	base      = "https://pay.example.com"
	apiKey    = "pk_your_key"
	apiSecret = "sk_your_secret"
)

type answer struct {
	CheckoutURL string `json:"checkout_url"`
	Invoice     struct {
		ID     string `json:"id"`
		Status string `json:"status"`
	} `json:"invoice"`
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
	request.Header.Set("Authorization", "Bearer "+apiKey+":"+apiSecret)
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
	var created, found answer
	call("POST", "/api/v1/invoices", map[string]any{
		"network":    "trc20",
		"amount_usd": 50.00,
		"order_id":   fmt.Sprintf("order-%d", time.Now().UnixNano()),
	}, &created)
	fmt.Println(created.CheckoutURL)

	call("GET", "/api/v1/invoices/"+created.Invoice.ID, nil, &found)
	fmt.Println(found.Invoice.Status)
}
