// Makes a payment, prints where to send the customer, and reads where the payment stands.
// Run it on your server only: whoever has the key can make payments in your name.
package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
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
	Payment struct {
		ID     int64  `json:"payment_id"`
		URL    string `json:"payment_url"`
		Status string `json:"status"`
	} `json:"payment"`
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
	// Over the bytes that are sent; of a call without a body, over nothing.
	request.Header.Set("X-Signature", sign(string(body)))
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

// sign is the hex HMAC-SHA256 of a text.
func sign(text string) string {
	mac := hmac.New(sha256.New, []byte(apiSecret))
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil))
}

func main() {
	var created, found answer
	call("POST", "/api/create-payment.php", map[string]any{
		"order_id":    fmt.Sprintf("order-%d", time.Now().UnixNano()),
		"amount":      "50.00",
		"description": "Two bags of coffee",
	}, &created)
	fmt.Println(created.Payment.URL)

	call("GET", fmt.Sprintf("/api/payment-status.php?payment_id=%d", created.Payment.ID), nil, &found)
	fmt.Println(found.Payment.Status)
}
