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
	"strconv"
	"time"
)

const (
	base      = "https://pay.example.com"
	apiKey    = "pk_your_key"
	apiSecret = "sk_your_secret"
)

type answer struct {
	Data struct {
		PaymentID  string `json:"payment_id"`
		PaymentURL string `json:"payment_url"`
		Status     string `json:"status"`
	} `json:"data"`
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
	now := strconv.FormatInt(time.Now().Unix(), 10)
	request.Header.Set("X-Api-Key", apiKey)
	request.Header.Set("X-Timestamp", now)
	// The signature covers time, method, path and body.
	request.Header.Set("X-Signature", sign(now+method+path+string(body)))
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
	call("POST", "/api/v1/payment/create", map[string]any{
		"amount":   "100.00",
		"currency": "USDT_TRC20",
		"order_id": fmt.Sprintf("order-%d", time.Now().UnixNano()),
		"metadata": map[string]any{"customer": 42},
	}, &created)
	fmt.Println(created.Data.PaymentURL)

	call("GET", "/api/v1/payment/"+created.Data.PaymentID, nil, &found)
	fmt.Println(found.Data.Status)
}
